package io.flotilla.config.validate;

import io.flotilla.config.schema.Durations;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The syntax that the Gateway API's schemas share: names, hosts, durations, sizes of lists, closed sets of words. */
final class ApiSyntax {
    private static final Pattern KIND = Pattern.compile("[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+\\-.^_`|~]+");
    private static final int MAX_NAME = 253;
    private static final int MAX_KIND = 63;
    private static final int MAX_HEADER = 256;

    private final Check check;

    ApiSyntax(Check check) {
        this.check = check;
    }

    /** A word of a closed set. */
    void oneOf(String word, Collection<String> words, String code, FieldPath at) {
        if (word.isEmpty()) {
            check.error(code, at, "is required, one of " + String.join(", ", words));
        } else {
            check.require(
                    words.contains(word),
                    code,
                    at,
                    "unknown value \"" + word + "\"" + Spelling.suggestion(word, words) + "; one of "
                            + String.join(", ", words));
        }
    }

    void required(String text, String code, FieldPath at) {
        check.require(!text.isEmpty(), code, at, "is required");
    }

    void atMost(int limit, int count, String code, FieldPath at) {
        check.require(count <= limit, code, at, "has " + count + " items, of which " + limit + " are allowed");
    }

    void atLeastOne(int count, String code, FieldPath at) {
        check.require(count > 0, code, at, "needs at least one item");
    }

    /** A name of an object. */
    void objectName(String name, String code, FieldPath at) {
        required(name, code, at);
        check.require(name.length() <= MAX_NAME, code, at, "is longer than " + MAX_NAME + " characters");
    }

    void sectionName(String name, String code, FieldPath at) {
        check.require(
                Names.isSubdomain(name),
                code,
                at,
                "\"" + name + "\" is no name: lower case letters, digits, \"-\" and \".\", at most " + MAX_NAME);
    }

    void namespace(String namespace, String code, FieldPath at) {
        check.require(Names.isLabel(namespace), code, at, "\"" + namespace + "\" is no namespace");
    }

    void group(String group, String code, FieldPath at) {
        check.require(group.isEmpty() || Names.isSubdomain(group), code, at, "\"" + group + "\" is no API group");
    }

    void kind(String kind, String code, FieldPath at) {
        required(kind, code, at);
        check.require(
                kind.isEmpty()
                        || (kind.length() <= MAX_KIND && KIND.matcher(kind).matches()),
                code,
                at,
                "\"" + kind + "\" is no kind");
    }

    /** A host name, maybe with "*." in front; no IP address. */
    void hostname(String host, boolean wildcard, String code, FieldPath at) {
        boolean starred = host.startsWith("*.");
        String name = starred ? host.substring(2) : host;
        if (Addresses.isIp(host)) {
            check.error(code, at, "\"" + host + "\" is an IP address, where a host name is needed");
        } else if (starred && !wildcard) {
            check.error(code, at, "\"" + host + "\" has a wildcard, which is not allowed here");
        } else {
            check.require(
                    Names.isSubdomain(name) && host.length() <= MAX_NAME,
                    code,
                    at,
                    "\"" + host + "\" is no host name: lower case letters, digits, \"-\" and \".\""
                            + (wildcard ? ", a wildcard only as \"*.\" in front" : ""));
        }
    }

    void hostnames(List<String> hosts, int limit, String code, FieldPath at) {
        atMost(limit, hosts.size(), code, at);
        for (int i = 0; i < hosts.size(); i++) {
            hostname(hosts.get(i), true, code, at.item(i));
        }
    }

    void headerName(String name, String code, FieldPath at) {
        if (name.isEmpty()) {
            check.error(code, at, "is required");
        } else {
            check.require(
                    name.length() <= MAX_HEADER && HEADER.matcher(name).matches(),
                    code,
                    at,
                    "\"" + name + "\" is no header name");
        }
    }

    /** A number of hours, minutes, seconds or milliseconds: "1h30m", "500ms". */
    Optional<com.google.protobuf.Duration> duration(String text, String code, FieldPath at) {
        if (!DURATION.matcher(text).matches()) {
            check.error(
                    code,
                    at,
                    "\"" + text + "\" is no duration: at most four whole numbers of at most five digits with h, m, s or"
                            + " ms, \"1m30s\"");
            return Optional.empty();
        }
        return Durations.parse(text);
    }

    /** No item twice. */
    void distinct(List<String> items, String code, FieldPath at) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            check.require(seen.add(items.get(i)), code, at.item(i), "\"" + items.get(i) + "\" is given twice");
        }
    }

    void between(int least, int most, int number, String code, FieldPath at) {
        check.require(
                number >= least && number <= most,
                code,
                at,
                "must be between " + least + " and " + most + ", not " + number);
    }
}
