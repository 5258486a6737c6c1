/** The two procedures of WebAuthn Level 3, step by step, each broken alone. */
package dev.countersign.webauthn;
