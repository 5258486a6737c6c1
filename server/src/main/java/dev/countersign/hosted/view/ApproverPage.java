package dev.countersign.hosted.view;

/**
 * The app on the phone: pairs it, shows what asks to be approved, and answers. Its script shows one of its screens at a
 * time.
 *
 * @param device what this device is called, as far as its browser says; empty when that says nothing
 * @param serverKey the public key under which it can be woken (RFC 8292), base64url
 */
public record ApproverPage(Frame frame, String device, String serverKey) implements Page {}
