package io.flotilla.identity.der;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Writes DER values (X.690). Each method returns a complete value: tag, length, content. */
public final class Der {
    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OID = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final int FIRST_GENERALIZED_YEAR = 2050;
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter GENERALIZED = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    public static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, join(parts));
    }

    /** A SET OF one element, which is all that we write. */
    public static byte[] setOf(byte[] element) {
        return value(SET, element);
    }

    public static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    public static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /** Whole bytes: no unused bits. */
    public static byte[] bits(byte[] content) {
        return value(BIT_STRING, join(new byte[] {0}, content));
    }

    /** A named bit list: its trailing zero bits are left out (X.690, 11.2.2). */
    public static byte[] namedBits(int first8) {
        int unused = Integer.numberOfTrailingZeros(first8);
        return value(BIT_STRING, new byte[] {(byte) unused, (byte) first8});
    }

    /** TRUE; FALSE is a default that DER leaves out. */
    public static byte[] yes() {
        return value(BOOLEAN, new byte[] {(byte) 0xff});
    }

    /** NULL. */
    public static byte[] nothing() {
        return value(NULL, new byte[0]);
    }

    public static byte[] utf8(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** UTCTime before 2050, GeneralizedTime from then on (RFC 5280, 4.1.2.5), to the second. */
    public static byte[] time(Instant instant) {
        ZonedDateTime at = instant.atZone(ZoneOffset.UTC);
        return at.getYear() < FIRST_GENERALIZED_YEAR
                ? value(UTC_TIME, UTC.format(at).getBytes(StandardCharsets.US_ASCII))
                : value(GENERALIZED_TIME, GENERALIZED.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    /** Context tag around whole values. */
    public static byte[] explicit(int number, byte[]... parts) {
        return value(CONTEXT | CONSTRUCTED | number, join(parts));
    }

    /** Context tag in place of a primitive value's own. */
    public static byte[] implicit(int number, byte[] content) {
        return value(CONTEXT | number, content);
    }

    public static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        base128(content, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(content, Long.parseLong(arcs[i]));
        }
        return value(OID, content.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, long arc) {
        int groups = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(arc) + 6) / 7);
        for (int group = groups - 1; group >= 0; group--) {
            int bits = (int) (arc >>> (7 * group)) & 0x7f;
            out.write(group == 0 ? bits : bits | 0x80);
        }
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - from));
            out.write(length, from, length.length - from);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
