package io.flotilla.bench.ca;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.identity.authority.Certificates;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Looks at what a storm was answered. */
record StormAnswers(X509Certificate root, PublicKey key) {
    /** Whose the request of that number is. */
    static String account(int number) {
        return "w" + number;
    }

    /** How many are certificates of their caller, for the key, and signed by the root. */
    long good(List<byte[]> answers) {
        return IntStream.range(0, answers.size())
                .filter(number -> isGood(number, answers.get(number)))
                .count();
    }

    private boolean isGood(int number, byte[] answer) {
        try {
            List<String> chain = IstioCertificateResponse.parseFrom(answer).getCertChainList();
            X509Certificate leaf =
                    Certificates.parse(chain.getFirst()).orElseThrow().getFirst();
            leaf.verify(root.getPublicKey());
            boolean named = Certificates.spiffeId(leaf)
                    .filter(id -> id.account().name().equals(account(number)))
                    .isPresent();
            return named
                    && chain.size() > 1
                    && Arrays.equals(leaf.getPublicKey().getEncoded(), key.getEncoded());
        } catch (InvalidProtocolBufferException | GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
