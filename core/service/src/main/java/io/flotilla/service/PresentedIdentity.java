package io.flotilla.service;

import io.flotilla.identity.authority.Certificates;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents the current certificate at each handshake. An alias is a serial number, and the one before the current is
 * kept, so that a handshake under way during a renewal gets the key that goes with its certificate.
 */
final class PresentedIdentity extends X509ExtendedKeyManager {
    private static final String KEY_TYPE = "EC";

    private final CurrentIdentity identity;
    private volatile Slots slots = new Slots(null, null);

    PresentedIdentity(CurrentIdentity identity) {
        this.identity = identity;
    }

    private record Slots(
            @Nullable IdentityMaterial now, @Nullable IdentityMaterial before) {
        Slots with(IdentityMaterial material) {
            return now != null && now.leaf().equals(material.leaf()) ? this : new Slots(material, now);
        }

        @Nullable
        IdentityMaterial named(String alias) {
            if (now != null && alias(now).equals(alias)) {
                return now;
            }
            return before != null && alias(before).equals(alias) ? before : null;
        }
    }

    private static String alias(IdentityMaterial material) {
        return Certificates.serialOf(material.leaf());
    }

    private @Nullable String choose() {
        return identity.current()
                .map(material -> {
                    remember(material);
                    return alias(material);
                })
                .orElse(null);
    }

    private synchronized void remember(IdentityMaterial material) {
        slots = slots.with(material);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keyType.equals(KEY_TYPE) ? choose() : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return Arrays.asList(keyTypes).contains(KEY_TYPE) ? choose() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        IdentityMaterial material = slots.named(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        IdentityMaterial material = slots.named(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }
}
