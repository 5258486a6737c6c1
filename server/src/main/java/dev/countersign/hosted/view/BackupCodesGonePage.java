package dev.countersign.hosted.view;

/**
 * The codes were shown before and can't be again. Posts {@code set} with {@code action=saved} or {@code action=new}.
 *
 * @param set names the newest set, the one that counts
 */
public record BackupCodesGonePage(Frame frame, String set) implements Page {}
