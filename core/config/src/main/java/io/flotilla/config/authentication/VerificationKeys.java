package io.flotilla.config.authentication;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a JSON Web Key Set (RFC 7517) that Envoy can verify a signature by. It refuses a whole listener for a set
 * that has none, so what it would refuse must not reach it.
 */
public final class VerificationKeys {
    private static final int MIN_RSA_BITS = 1024;
    private static final int MAX_RSA_BITS = 8192;
    private static final int ED25519_BYTES = 32;

    private VerificationKeys() {}

    /** The set with only such keys; empty where there is none, or the text is no set at all. */
    public static String of(String jwks) {
        List<Value> usable = new ArrayList<>();
        for (Value key : keys(jwks)) {
            if (isUsable(key.getStructValue())) {
                usable.add(key);
            }
        }
        if (usable.isEmpty()) {
            return "";
        }
        Struct.Builder set = Struct.newBuilder();
        set.putFields(
                "keys",
                Value.newBuilder()
                        .setListValue(com.google.protobuf.ListValue.newBuilder().addAllValues(usable))
                        .build());
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(set.build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Value> keys(String jwks) {
        try {
            Struct.Builder set = Struct.newBuilder();
            JsonFormat.parser().merge(jwks, set);
            return set.getFieldsOrDefault("keys", Value.getDefaultInstance())
                    .getListValue()
                    .getValuesList();
        } catch (InvalidProtocolBufferException e) {
            return List.of();
        }
    }

    private static boolean isUsable(Struct key) {
        return switch (text(key, "kty")) {
            case "RSA" -> isRsa(key);
            case "EC" -> isOnCurve(key);
            case "OKP" ->
                text(key, "crv").equals("Ed25519")
                        && bytes(key, "x")
                                .filter(x -> x.length == ED25519_BYTES)
                                .isPresent();
            case "oct" -> bytes(key, "k").filter(k -> k.length > 0).isPresent();
            default -> false;
        };
    }

    private static boolean isRsa(Struct key) {
        Optional<BigInteger> modulus = number(key, "n");
        Optional<BigInteger> exponent = number(key, "e");
        return modulus.isPresent()
                && exponent.isPresent()
                && modulus.get().testBit(0)
                && modulus.get().bitLength() >= MIN_RSA_BITS
                && modulus.get().bitLength() <= MAX_RSA_BITS
                && exponent.get().testBit(0)
                && exponent.get().bitLength() > 1
                && exponent.get().bitLength() <= 33;
    }

    private static boolean isOnCurve(Struct key) {
        Optional<Curve> curve = Curve.of(text(key, "crv"));
        Optional<BigInteger> x = number(key, "x");
        Optional<BigInteger> y = number(key, "y");
        return curve.isPresent()
                && x.isPresent()
                && y.isPresent()
                && curve.get().has(x.get(), y.get());
    }

    private static String text(Struct key, String field) {
        return key.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private static Optional<BigInteger> number(Struct key, String field) {
        return bytes(key, field).map(bytes -> new BigInteger(1, bytes));
    }

    private static Optional<byte[]> bytes(Struct key, String field) {
        try {
            String text = text(key, field);
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A curve of NIST (SP 800-186): y^2 = x^3 - 3x + b modulo p. */
    private record Curve(BigInteger p, BigInteger b) {
        private static final Curve P256 = of(
                "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
        private static final Curve P384 = of(
                "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
                "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef");
        private static final Curve P521 = new Curve(
                BigInteger.TWO.pow(521).subtract(BigInteger.ONE),
                new BigInteger(
                        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf"
                                + "073573df883d2c34f1ef451fd46b503f00",
                        16));

        private static Curve of(String p, String b) {
            return new Curve(new BigInteger(p, 16), new BigInteger(b, 16));
        }

        static Optional<Curve> of(String name) {
            return switch (name) {
                case "P-256" -> Optional.of(P256);
                case "P-384" -> Optional.of(P384);
                case "P-521" -> Optional.of(P521);
                default -> Optional.empty();
            };
        }

        boolean has(BigInteger x, BigInteger y) {
            BigInteger right =
                    x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(b).mod(p);
            return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).mod(p).equals(right);
        }
    }
}
