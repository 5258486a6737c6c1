package dev.countersign.hosted.view;

/** The codes were shown before and can't be again. Posts {@code action=saved} or {@code action=new}. */
public record BackupCodesGonePage(Frame frame) implements Page {}
