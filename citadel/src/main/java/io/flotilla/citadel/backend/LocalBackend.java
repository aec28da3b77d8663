package io.flotilla.citadel.backend;

import io.flotilla.identity.authority.SigningSlot;
import io.flotilla.identity.authority.Trust;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;

/** Signs in process with the key of a slot; another slot can take its place at any time. */
public final class LocalBackend implements Backend {
    private final String name;
    private final SecureRandom random;
    private volatile Current current;

    public LocalBackend(String name, SigningSlot slot, SecureRandom random) {
        this.name = name;
        this.random = random;
        this.current = new Current(slot, Trust.of(slot));
    }

    private record Current(SigningSlot slot, Trust trust) {}

    @Override
    public Trust trust() {
        return current.trust();
    }

    public SigningSlot slot() {
        return current.slot();
    }

    /** From now on this one signs and is believed. */
    public void use(SigningSlot slot) {
        current = new Current(slot, Trust.of(slot));
    }

    @Override
    public Answer sign(Order order) {
        SigningSlot slot = current.slot();
        X509Certificate leaf = slot.authority().sign(order.template(), random);
        return new Answer.Signed(leaf, slot.authority().certificate(), slot.intermediates());
    }

    @Override
    public boolean signsHere() {
        return true;
    }

    @Override
    public String describe() {
        return name;
    }
}
