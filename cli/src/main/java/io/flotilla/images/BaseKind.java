package io.flotilla.images;

import java.util.Locale;

/** What images stand on, and the public image that is taken where nobody says another one. */
public enum BaseKind {
    /** Has {@code java} of 25 or later on its PATH, and glibc, for which the native libraries among the jars are made. */
    JAVA("eclipse-temurin:25-jre"),
    /** The same, for a process that starts an Envoy, which wants glibc 2.31 or later. */
    GATEWAY("eclipse-temurin:25-jre"),
    /** Has a POSIX shell, sed, tr, and iptables for nft and legacy. Nothing else of it is used. */
    INIT("cr.l5d.io/linkerd/proxy-init:v2.4.3");

    private final String usual;

    BaseKind(String usual) {
        this.usual = usual;
    }

    /** As users write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String usual() {
        return usual;
    }
}
