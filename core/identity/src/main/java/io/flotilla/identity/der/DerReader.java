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

    /** The content of an OCTET STRING. */
    public byte[] octets() throws MalformedDer {
        return expect(Der.OCTET_STRING, "OCTET STRING").content();
    }

    /** A BOOLEAN that is left out where it is FALSE. */
    public boolean optionalBoolean() throws MalformedDer {
        if (atEnd() || (bytes[at] & 0xff) != Der.BOOLEAN) {
            return false;
        }
        byte[] content = next().content();
        if (content.length != 1) {
            throw new MalformedDer("BOOLEAN of " + content.length + " bytes");
        }
        return content[0] != 0;
    }

    /** The first eight bits of a named bit list; later ones are not looked at. */
    public int namedBits() throws MalformedDer {
        byte[] content = expect(Der.BIT_STRING, "BIT STRING").content();
        if (content.length == 0 || content[0] < 0 || content[0] > 7 || (content.length == 1 && content[0] != 0)) {
            throw new MalformedDer("BIT STRING with a wrong number of unused bits");
        }
        return content.length == 1 ? 0 : content[1] & 0xff;
    }

    /** A SET or SET OF. */
    public Value set() throws MalformedDer {
        return expect(Der.SET, "SET");
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
