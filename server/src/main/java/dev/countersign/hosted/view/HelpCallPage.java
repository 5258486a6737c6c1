package dev.countersign.hosted.view;

/**
 * For somebody on the telephone with a help desk: what to read out, what to hear, and where to type the code.
 *
 * @param number what the person reads out
 * @param words what the help desk has to say
 * @param backUrl to the other ways
 */
public record HelpCallPage(Frame frame, String number, String words, String backUrl)
    implements Page {}
