package dev.countersign.hosted.view;

/** Backup codes are to be made and shown; nothing has been shown yet. Posts {@code action=show}. */
public record BackupCodesReadyPage(Frame frame) implements Page {}
