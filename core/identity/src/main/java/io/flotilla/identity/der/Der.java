package io.flotilla.identity.der;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

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
    private static final byte[] ZULU = {'Z'};

    private Der() {}

    public static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
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
        return value(BIT_STRING, new byte[] {0}, content);
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
        LocalDateTime at = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        byte[] century = at.getYear() < FIRST_GENERALIZED_YEAR ? new byte[0] : digits(at.getYear() / 100);
        byte[] rest = digits(
                at.getYear() % 100,
                at.getMonthValue(),
                at.getDayOfMonth(),
                at.getHour(),
                at.getMinute(),
                at.getSecond());
        return value(century.length == 0 ? UTC_TIME : GENERALIZED_TIME, century, rest, ZULU);
    }

    /** Two digits each: a formatter would take a twentieth of the time of a signature. */
    private static byte[] digits(int... numbers) {
        byte[] all = new byte[2 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            all[2 * i] = (byte) ('0' + numbers[i] / 10);
            all[2 * i + 1] = (byte) ('0' + numbers[i] % 10);
        }
        return all;
    }

    /** Context tag around whole values. */
    public static byte[] explicit(int number, byte[]... parts) {
        return value(CONTEXT | CONSTRUCTED | number, parts);
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

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int more = length < 0x80 ? 0 : (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        byte[] all = new byte[2 + more + length];
        all[0] = (byte) tag;
        all[1] = (byte) (more == 0 ? length : 0x80 | more);
        int at = 2;
        for (int each = more - 1; each >= 0; each--) {
            all[at++] = (byte) (length >>> (8 * each));
        }
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
