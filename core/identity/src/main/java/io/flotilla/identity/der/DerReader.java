package io.flotilla.identity.der;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Reads DER values one after the other. Strict: definite and shortest lengths, single-byte tags, nothing beyond the
 * end. It never recurses, so that nesting costs nothing.
 */
public final class DerReader {
    private static final int MAX_LENGTH_BYTES = 3;

    private final byte[] bytes;
    private int at;

    public DerReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * One value.
     *
     * @param tag     the identifier byte
     * @param encoded tag, length and content
     * @param content the content alone
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code: never compared, never kept
    public record Value(int tag, byte[] encoded, byte[] content) {
        public DerReader inside() {
            return new DerReader(content);
        }
    }

    public boolean atEnd() {
        return at == bytes.length;
    }

    public void end() throws MalformedDer {
        if (!atEnd()) {
            throw new MalformedDer((bytes.length - at) + " bytes too many");
        }
    }

    public Value next() throws MalformedDer {
        int start = at;
        int tag = take();
        if ((tag & 0x1f) == 0x1f) {
            throw new MalformedDer("tag of several bytes");
        }
        int length = length();
        if (length > bytes.length - at) {
            throw new MalformedDer("value runs over the end");
        }
        int content = at;
        at += length;
        return new Value(tag, Arrays.copyOfRange(bytes, start, at), Arrays.copyOfRange(bytes, content, at));
    }

    public Value sequence() throws MalformedDer {
        return expect(Der.SEQUENCE, "SEQUENCE");
    }

    public BigInteger integer() throws MalformedDer {
        byte[] content = expect(Der.INTEGER, "INTEGER").content();
        if (content.length == 0) {
            throw new MalformedDer("empty INTEGER");
        }
        return new BigInteger(content);
    }

    /** The encoded object identifier, tag included, to compare with {@link Der#oid}. */
    public byte[] oid() throws MalformedDer {
        return expect(Der.OID, "OBJECT IDENTIFIER").encoded();
    }

    /** A BIT STRING of whole bytes. */
    public byte[] bits() throws MalformedDer {
        byte[] content = expect(Der.BIT_STRING, "BIT STRING").content();
        if (content.length == 0 || content[0] != 0) {
            throw new MalformedDer("BIT STRING is not of whole bytes");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    private Value expect(int tag, String name) throws MalformedDer {
        Value value = next();
        if (value.tag() != tag) {
            throw new MalformedDer("no " + name);
        }
        return value;
    }

    private int length() throws MalformedDer {
        int first = take();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > MAX_LENGTH_BYTES) {
            throw new MalformedDer("length is indefinite or too long");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = (length << 8) | take();
        }
        if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
            throw new MalformedDer("length is not in its shortest form");
        }
        return length;
    }

    private int take() throws MalformedDer {
        if (at >= bytes.length) {
            throw new MalformedDer("ends too early");
        }
        return bytes[at++] & 0xff;
    }
}
