package io.flotilla.identity.csr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.Pem;
import io.flotilla.identity.csr.CsrOutcome.Reason;
import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.Oids;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsrReaderTest {
    static Stream<Arguments> allowed() {
        return Stream.of(
                arguments("the baseline", Csrs.good()),
                arguments("the older label", Csrs.good().label("NEW CERTIFICATE REQUEST")),
                arguments("P-384", Csrs.good().curve("secp384r1").signature("SHA384withECDSA", Oids.ECDSA_SHA384)),
                arguments("P-521", Csrs.good().curve("secp521r1").signature("SHA512withECDSA", Oids.ECDSA_SHA512)),
                arguments("RSA 2048", Csrs.good().rsa(2048)),
                arguments("RSA with SHA-512", Csrs.good().rsa(2048).signature("SHA512withRSA", Oids.RSA_SHA512)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allowed")
    void reads(String what, Csrs csr) {
        assertThat(CsrReader.read(csr.pem())).as(what).isInstanceOf(CsrOutcome.Read.class);
    }

    static Stream<Arguments> refused() {
        KeyPair other = KeyForms.generate(Csrs.RANDOM);
        return Stream.of(
                arguments(Reason.NO_PROOF, "the key of another", Csrs.good().keyOf(other)),
                arguments(Reason.KEY_NOT_ALLOWED, "RSA 1024", Csrs.good().rsa(1024)),
                arguments(Reason.KEY_NOT_ALLOWED, "P-224", Csrs.good().keyInfo(onCurve("1.3.132.0.33"))),
                arguments(Reason.KEY_NOT_ALLOWED, "secp256k1", Csrs.good().keyInfo(onCurve("1.3.132.0.10"))),
                arguments(
                        Reason.KEY_NOT_ALLOWED,
                        "a point beside the curve",
                        Csrs.good().keyInfo(onCurve(Oids.P256))),
                arguments(Reason.KEY_NOT_ALLOWED, "DSA", Csrs.good().keyInfo(ofKind("1.2.840.10040.4.1"))),
                arguments(
                        Reason.SIGNATURE_NOT_ALLOWED,
                        "SHA-1",
                        Csrs.good().signature("SHA1withECDSA", "1.2.840.10045.4.1")),
                arguments(
                        Reason.SIGNATURE_NOT_ALLOWED,
                        "MD5",
                        Csrs.good().rsa(2048).signature("MD5withRSA", "1.2.840.113549.1.1.4")),
                arguments(
                        Reason.SIGNATURE_NOT_ALLOWED,
                        "a signature of another kind than the key",
                        Csrs.good().signature("SHA256withECDSA", Oids.RSA_SHA256)),
                arguments(
                        Reason.NO_PROOF,
                        "another hash than it says",
                        Csrs.good().signature("SHA256withECDSA", Oids.ECDSA_SHA384)),
                arguments(Reason.MALFORMED, "version 1", Csrs.good().version(1)),
                arguments(Reason.MALFORMED, "bytes after it", Csrs.good().tail(1)),
                arguments(
                        Reason.MALFORMED,
                        "something else for attributes",
                        Csrs.good().attributes(Der.sequence())),
                arguments(Reason.MALFORMED, "another label", Csrs.good().label("CERTIFICATE")),
                arguments(Reason.TOO_LARGE, "a megabyte", Csrs.good().attributes(Der.explicit(0, new byte[1 << 20]))));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("refused")
    void refuses(Reason reason, String what, Csrs csr) {
        assertThat(CsrReader.read(csr.pem()))
                .as(what)
                .isInstanceOfSatisfying(
                        CsrOutcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void refusesTwoRequestsAtOnce() {
        String pem = Csrs.good().pem() + Csrs.good().pem();
        assertThat(CsrReader.read(pem)).isInstanceOf(CsrOutcome.Refused.class);
    }

    @Test
    void noCutOrFlippedByteOfAGoodRequestGetsThrough() {
        byte[] der = Pem.decode(Csrs.good().pem()).orElseThrow().getFirst().der();
        for (int i = 0; i < der.length; i++) {
            byte[] flipped = der.clone();
            flipped[i] ^= 0x41;
            assertThat(CsrReader.read(Pem.encode("CERTIFICATE REQUEST", flipped)))
                    .as("byte %d flipped", i)
                    .isInstanceOf(CsrOutcome.Refused.class);
            assertThat(CsrReader.read(Pem.encode("CERTIFICATE REQUEST", Arrays.copyOf(der, i))))
                    .as("cut at %d", i)
                    .isInstanceOf(CsrOutcome.Refused.class);
        }
    }

    @Test
    void readsWhatTheBuilderBuilds() {
        KeyPair pair = KeyForms.generate(Csrs.RANDOM);
        String pem = CsrBuilder.build(pair, List.of("spiffe://x/ns/a/sa/b"), List.of("a.b.svc"), Csrs.RANDOM);
        assertThat(CsrReader.read(pem))
                .isEqualTo(new CsrOutcome.Read(new CertificateRequest(
                        pair.getPublic(),
                        new CertificateRequest.AskedNames(
                                List.of("spiffe://x/ns/a/sa/b"), List.of("a.b.svc"), List.of()))));
        String bare = CsrBuilder.build(pair, List.of(), List.of(), Csrs.RANDOM);
        assertThat(CsrReader.read(bare)).isInstanceOf(CsrOutcome.Read.class);
    }

    private static byte[] onCurve(String oid) {
        byte[] point = new byte[65];
        point[0] = 4;
        point[64] = 1;
        return Der.sequence(Der.sequence(Der.oid(Oids.EC_PUBLIC_KEY), Der.oid(oid)), Der.bits(point));
    }

    private static byte[] ofKind(String oid) {
        return Der.sequence(Der.sequence(Der.oid(oid)), Der.bits(new byte[8]));
    }
}
