package io.flotilla.service.https;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's key manager whose pair can be replaced while it is in use. An alias says which pair it is of, and the pair
 * before the current one is kept, so that a handshake under way gets the key that goes with its certificate.
 */
final class ShownKeyPair extends X509ExtendedKeyManager {
    private volatile Slots slots = new Slots(null, null);

    private record Pair(long number, X509ExtendedKeyManager manager) {}

    private record Slots(@Nullable Pair now, @Nullable Pair before) {
        @Nullable
        X509ExtendedKeyManager of(String alias) {
            long number = Long.parseLong(alias.substring(0, alias.indexOf('|')));
            if (now != null && now.number() == number) {
                return now.manager();
            }
            return before != null && before.number() == number ? before.manager() : null;
        }
    }

    synchronized void show(KeyManagerFactory factory) {
        X509ExtendedKeyManager manager = (X509ExtendedKeyManager) Arrays.stream(factory.getKeyManagers())
                .filter(X509ExtendedKeyManager.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no X.509 key manager"));
        Pair last = slots.now();
        slots = new Slots(new Pair(last == null ? 1 : last.number() + 1, manager), last);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Pair pair = slots.now();
        String alias = pair == null ? null : pair.manager().chooseEngineServerAlias(keyType, issuers, engine);
        return pair == null || alias == null ? null : pair.number() + "|" + alias;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509ExtendedKeyManager manager = slots.of(alias);
        return manager == null ? null : manager.getCertificateChain(alias.substring(alias.indexOf('|') + 1));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509ExtendedKeyManager manager = slots.of(alias);
        return manager == null ? null : manager.getPrivateKey(alias.substring(alias.indexOf('|') + 1));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
