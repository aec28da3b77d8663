package io.flotilla.config.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeysTest {
    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    private static String ec(String curve, String name, BigInteger add) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"" + name + "\",\"x\":\""
                + base64(key.getW().getAffineX()) + "\",\"y\":\""
                + base64(key.getW().getAffineY().add(add)) + "\"}]}";
    }

    @ParameterizedTest
    @CsvSource({"secp256r1,P-256", "secp384r1,P-384", "secp521r1,P-521"})
    void aPointMustBeOnItsCurve(String curve, String name) throws GeneralSecurityException {
        String good = ec(curve, name, BigInteger.ZERO);

        assertThat(VerificationKeys.of(good)).isEqualTo(good);
        assertThat(VerificationKeys.of(ec(curve, name, BigInteger.ONE))).isEmpty();
    }

    @Test
    void whatCannotVerifyIsLeftOut() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
        String good = "{\"kty\":\"RSA\",\"n\":\"" + base64(key.getModulus()) + "\",\"e\":\"AQAB\"}";

        assertThat(VerificationKeys.of(
                        "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}, " + good + ", 7]}"))
                .isEqualTo("{\"keys\":[" + good + "]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "[]",
                "{}",
                "{\"keys\": []}",
                "{\"keys\": 1}",
                "{\"keys\": [{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"!\", \"y\": \"AA\"}]}",
                "{\"keys\": [{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \"AA\"}]}"
            })
    void withoutAUsableKeyThereIsNothing(String jwks) {
        assertThat(VerificationKeys.of(jwks)).isEmpty();
    }
}
