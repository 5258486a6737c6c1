package dev.countersign.hosted.view;

/** An admin asks for a factor to be set up: posts to where it is, which begins the sign-in that leads to it. */
public record TicketPage(Frame frame) implements Page {}
