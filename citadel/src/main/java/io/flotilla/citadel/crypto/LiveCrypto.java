package io.flotilla.citadel.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;

/** Which implementation signs: the native one where it loads and passes its own tests, else the JDK's. */
public final class LiveCrypto {
    private static final String PROBE = "SHA256withECDSA";

    private LiveCrypto() {}

    /**
     * Installs it for the whole process, once.
     *
     * @param wanted false keeps the JDK's own
     * @return what is live and why, for a log line
     */
    public static String install(boolean wanted) {
        if (!wanted) {
            return live() + " (the native provider is switched off)";
        }
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable problem = provider.getLoadingError();
            if (problem != null) {
                return live() + " (the native library does not load: " + problem.getMessage() + ")";
            }
            if (provider.runSelfTests() == SelfTestStatus.FAILED) {
                return live() + " (the native library fails its own tests)";
            }
            AmazonCorrettoCryptoProvider.install();
            return live();
        } catch (LinkageError e) {
            return live() + " (the native library does not load: " + e.getMessage() + ")";
        }
    }

    /** The name and version of the provider that makes signatures now. */
    public static String live() {
        try {
            Provider provider = Signature.getInstance(PROBE).getProvider();
            return provider.getName() + " " + provider.getVersionStr();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "no provider of " + PROBE + "; installed: " + java.util.Arrays.toString(Security.getProviders()),
                    e);
        }
    }
}
