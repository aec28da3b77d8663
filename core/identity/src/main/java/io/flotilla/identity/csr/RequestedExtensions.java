package io.flotilla.identity.csr;

import io.flotilla.identity.der.Der;
import io.flotilla.identity.der.DerReader;
import io.flotilla.identity.der.MalformedDer;
import io.flotilla.identity.der.Oids;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the extensions that a request asks for (RFC 2985, 5.4.2): names and authority; the rest is passed over. */
final class RequestedExtensions {
    static final int MAX_EXTENSIONS = 32;
    static final int MAX_NAMES = 64;
    private static final int MAX_ATTRIBUTES = 16;
    private static final int URI = 0x86;
    private static final int DNS = 0x82;
    private static final int SIGN_CERTIFICATES_OR_CRLS = 0x06;
    private static final byte[] EXTENSION_REQUEST = Der.oid(Oids.EXTENSION_REQUEST);
    private static final byte[] SUBJECT_ALT_NAME = Der.oid(Oids.SUBJECT_ALT_NAME);
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(Oids.BASIC_CONSTRAINTS);
    private static final byte[] KEY_USAGE = Der.oid(Oids.KEY_USAGE);

    private final Set<String> seen = new HashSet<>();
    private final List<String> uris = new ArrayList<>();
    private final List<String> dnsNames = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private String authority = "";

    private RequestedExtensions() {}

    static Wishes read(DerReader attributes) throws MalformedDer {
        RequestedExtensions extensions = new RequestedExtensions();
        int count = 0;
        while (!attributes.atEnd()) {
            if (++count > MAX_ATTRIBUTES) {
                throw new MalformedDer("more than " + MAX_ATTRIBUTES + " attributes");
            }
            extensions.attribute(attributes.sequence().inside());
        }
        return new Wishes(
                new CertificateRequest.AskedNames(extensions.uris, extensions.dnsNames, extensions.others),
                extensions.authority);
    }

    private void attribute(DerReader attribute) throws MalformedDer {
        byte[] type = attribute.oid();
        DerReader values = attribute.set().inside();
        attribute.end();
        if (!Arrays.equals(type, EXTENSION_REQUEST)) {
            return;
        }
        DerReader list = values.sequence().inside();
        values.end();
        while (!list.atEnd()) {
            extension(list.sequence().inside());
        }
    }

    private void extension(DerReader extension) throws MalformedDer {
        byte[] type = extension.oid();
        if (!seen.add(Arrays.toString(type))) {
            throw new MalformedDer("an extension is asked for twice");
        }
        if (seen.size() > MAX_EXTENSIONS) {
            throw new MalformedDer("more than " + MAX_EXTENSIONS + " extensions");
        }
        extension.optionalBoolean(); // critical or not, it is the same to us
        byte[] content = extension.octets();
        extension.end();
        if (Arrays.equals(type, SUBJECT_ALT_NAME)) {
            names(new DerReader(content));
        } else if (Arrays.equals(type, BASIC_CONSTRAINTS)) {
            constraints(new DerReader(content));
        } else if (Arrays.equals(type, KEY_USAGE)) {
            usage(new DerReader(content));
        }
    }

    private void names(DerReader content) throws MalformedDer {
        DerReader names = content.sequence().inside();
        content.end();
        while (!names.atEnd()) {
            DerReader.Value name = names.next();
            String text = new String(name.content(), StandardCharsets.ISO_8859_1);
            switch (name.tag()) {
                case URI -> uris.add(text);
                case DNS -> dnsNames.add(text);
                default -> others.add(kind(name.tag()));
            }
            if (uris.size() + dnsNames.size() + others.size() > MAX_NAMES) {
                throw new MalformedDer("more than " + MAX_NAMES + " names");
            }
        }
    }

    private static String kind(int tag) {
        return switch (tag & 0x1f) {
            case 0 -> "other name";
            case 1 -> "email";
            case 4 -> "directory name";
            case 7 -> "IP address";
            default -> "name of kind " + (tag & 0x1f);
        };
    }

    private void constraints(DerReader content) throws MalformedDer {
        DerReader constraints = content.sequence().inside();
        content.end();
        if (constraints.optionalBoolean()) {
            authority = "CA:TRUE in its basic constraints";
        }
    }

    private void usage(DerReader content) throws MalformedDer {
        int bits = content.namedBits();
        content.end();
        if ((bits & SIGN_CERTIFICATES_OR_CRLS) != 0) {
            authority = "certificate or CRL signing in its key usage";
        }
    }
}
