package io.flotilla.bookinfo.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The method mysql_native_password: SHA1(password) XOR SHA1(salt + SHA1(SHA1(password))). */
final class NativePassword {
    static final String NAME = "mysql_native_password";
    static final int SALT = 20;

    private NativePassword() {}

    /** What a client proves itself with; nothing for no password. */
    static byte[] proof(String password, byte[] salt) {
        if (password.isEmpty()) {
            return new byte[0];
        }
        byte[] once = sha1(password.getBytes(StandardCharsets.UTF_8));
        byte[] proof = sha1(salt, sha1(once));
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= once[i];
        }
        return proof;
    }

    private static byte[] sha1(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
