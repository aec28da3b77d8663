package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.Consequences;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.MessageReader;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.schema.Structs;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Rules that several kinds share, and where to report what breaks them. */
final class Check {
    private static final java.util.regex.Pattern HEADER =
            java.util.regex.Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final java.util.regex.Pattern LABEL_KEY = java.util.regex.Pattern.compile("[-A-Za-z0-9_./]+");
    private static final int MAX_PORT = 65_535;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final double LEAST_PERCENT = 0.0001;
    private static final MessageReader.Mode ENVOY = new MessageReader.Mode(false, false, EnvoyExtensions::named);
    private static final int MAX_REGEX = 1024;
    private static final int MAX_REGEX_PROGRAM = 10_000;
    private static final long MAX_REGEX_STEPS = 100_000;

    private final Problems problems;
    private final boolean classic;
    private final Vocabulary vocabulary;
    private long regexSteps;

    Check(Problems problems, boolean classic) {
        this(problems, classic, Vocabulary.standard());
    }

    Check(Problems problems, boolean classic, Vocabulary vocabulary) {
        this.problems = problems;
        this.classic = classic;
        this.vocabulary = vocabulary;
    }

    /** The attributes that expressions may name. */
    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Judged by the rules of Istio 1.1. */
    boolean classic() {
        return classic;
    }

    void error(String code, FieldPath at, String message) {
        problems.error(code, at, message);
    }

    void warning(String code, FieldPath at, String message) {
        problems.warning(code, at, message);
    }

    /** Reports an error unless the condition holds. */
    void require(boolean condition, String code, FieldPath at, String message) {
        if (!condition) {
            problems.error(code, at, message);
        }
    }

    void port(int number, FieldPath at) {
        require(
                number >= 1 && number <= MAX_PORT,
                "FL0024",
                at,
                "must be a port between 1 and " + MAX_PORT + ", not " + Integer.toUnsignedString(number));
    }

    /** A duration of at least a millisecond, in whole milliseconds. */
    void duration(Duration duration, FieldPath at) {
        boolean positive = duration.getSeconds() > 0 || duration.getNanos() >= NANOS_OF_MILLI;
        require(
                positive && duration.getSeconds() >= 0 && duration.getNanos() % NANOS_OF_MILLI == 0,
                "FL0022",
                at,
                "must be at least 1ms and in whole milliseconds");
    }

    /** As {@link #duration}, or zero, which switches it off. */
    void durationOrZero(Duration duration, FieldPath at) {
        if (duration.getSeconds() != 0 || duration.getNanos() != 0) {
            duration(duration, at);
        }
    }

    void percent(int percent, FieldPath at) {
        require(percent >= 0 && percent <= 100, "FL0023", at, "must be between 0 and 100, not " + percent);
    }

    void percent(double percent, FieldPath at) {
        boolean fits = percent == 0 || (percent >= LEAST_PERCENT && percent <= 100);
        require(fits, "FL0023", at, "must be 0, or between 0.0001 and 100, not " + number(percent));
    }

    /** Without exponent, where it is finite: YAML has .inf and .nan too. */
    private static String number(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).toPlainString() : Double.toString(value);
    }

    void notNegative(int number, String code, FieldPath at) {
        require(number >= 0, code, at, "must not be negative, not " + number);
    }

    /** The syntax of RE2, which Envoy reads, and little enough for every request to be held against it. */
    void regex(String regex, FieldPath at) {
        if (regex.length() > MAX_REGEX) {
            error("FL0025", at, "is a regular expression of " + regex.length() + " characters; at most " + MAX_REGEX);
            return;
        }
        long steps = RegexSize.of(regex);
        if (steps > MAX_REGEX_PROGRAM) {
            error("FL0025", at, "repeats so much that it would have more than " + MAX_REGEX_PROGRAM + " steps");
            return;
        }
        regexSteps += steps;
        if (regexSteps > MAX_REGEX_STEPS) {
            String all =
                    "is one regular expression too many: all of an object have at most " + MAX_REGEX_STEPS + " steps";
            require(regexSteps - steps > MAX_REGEX_STEPS, "FL0025", at, all);
            return;
        }
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            error("FL0025", at, "\"" + regex + "\" is no regular expression of RE2: " + e.getDescription());
        }
    }

    void wildcardHost(String host, String code, FieldPath at) {
        require(Names.isWildcardHost(host), code, at, "\"" + host + "\" is no host name, with or without wildcard");
    }

    void exportTo(List<String> namespaces, FieldPath at) {
        if (classic && namespaces.size() > 1) {
            error("FL0020", at, "takes one entry, \".\" or \"*\"");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < namespaces.size() && !problems.full(); i++) {
            String namespace = namespaces.get(i);
            boolean special = namespace.equals(".") || namespace.equals("*") || (!classic && namespace.equals("~"));
            boolean fits = special || (!classic && Names.isLabel(namespace));
            String allowed = classic ? "\".\" or \"*\"" : "\".\", \"*\", \"~\" or a namespace";
            require(fits, "FL0020", at.item(i), "must be " + allowed + ", not \"" + namespace + "\"");
            require(seen.add(namespace), "FL0020", at.item(i), "\"" + namespace + "\" is given twice");
        }
        if (namespaces.size() > 1 && (seen.contains("*") || seen.contains("~"))) {
            error("FL0020", at, "\"*\" and \"~\" stand alone");
        }
    }

    void labels(Map<String, String> labels, FieldPath at) {
        labels.forEach((key, value) -> {
            FieldPath place = at.field(key);
            require(LABEL_KEY.matcher(key).matches(), "FL0021", place, "\"" + key + "\" is no label name");
            boolean fits = value.isEmpty() || LABEL_KEY.matcher(value).matches();
            require(fits, "FL0021", place, "\"" + value + "\" is no label value");
        });
    }

    /** "mesh", a name, a host name, or "NAMESPACE/NAME". */
    void gatewayNames(List<String> gateways, FieldPath at) {
        for (int i = 0; i < gateways.size() && !problems.full(); i++) {
            String name = gateways.get(i);
            int slash = name.indexOf('/');
            boolean fits = slash < 0
                    ? Names.isHost(name)
                    : Names.isLabel(name.substring(0, slash)) && Names.isSubdomain(name.substring(slash + 1));
            require(fits, "FL0102", at.item(i), "\"" + name + "\" is no gateway: NAME, NAMESPACE/NAME or mesh");
        }
    }

    void headerName(String name, String code, FieldPath at) {
        if (name.startsWith(":")) {
            error(code, at, "\"" + name + "\" is a pseudo header, which cannot be changed");
        } else {
            require(HEADER.matcher(name).matches(), code, at, "\"" + name + "\" is no header name");
        }
    }

    void cidrs(Collection<String> cidrs, String code, FieldPath at) {
        int i = 0;
        for (String cidr : cidrs) {
            FieldPath place = at.item(i++);
            require(Addresses.isIp(cidr) || Addresses.isCidr(cidr), code, place, "\"" + cidr + "\" is no IP range");
        }
    }

    /**
     * Reads settings that travel as a Struct as the message that they are, as strictly as a spec, and judges them; what
     * only follows from settings that could not be read is not reported.
     */
    <T extends Message> void settings(T prototype, Struct given, FieldPath at, BiConsumer<T, Check> rules) {
        Problems reading = problems.another();
        T settings = new MessageReader(reading, true).read(prototype, Structs.node(given), at);
        Problems judging = problems.another();
        rules.accept(settings, new Check(judging, classic, vocabulary));
        problems.addAll(reading.found());
        problems.addAll(Consequences.without(judging.found(), reading.found()));
    }

    /** No empty text among these. */
    void noneEmpty(List<String> texts, String code, FieldPath at) {
        for (int i = 0; i < texts.size(); i++) {
            require(!texts.get(i).isEmpty(), code, at.item(i), "is empty");
        }
    }

    /** "ISSUER/SUBJECT" each, none empty; one that no proxy can compare would let in whom it is to keep out. */
    void requestPrincipals(List<String> values, String code, FieldPath at) {
        noneEmpty(values, code, at);
        for (int i = 0; i < values.size(); i++) {
            long slashes = values.get(i).chars().filter(each -> each == '/').count();
            require(
                    slashes <= Attribute.MOST_SLASHES,
                    code,
                    at.item(i),
                    "has " + slashes + " slashes; at most " + Attribute.MOST_SLASHES);
        }
    }

    /** Something must be there. */
    void given(String text, String code, FieldPath at) {
        require(!text.isEmpty(), code, at, "is required");
    }

    /** At most so many characters. */
    void atMost(int limit, String text, String code, FieldPath at) {
        require(text.length() <= limit, code, at, "has " + text.length() + " characters; at most " + limit);
    }

    /** Reads a tree as a message of Envoy; what is wrong with it is reported. Unknown names are warnings. */
    void envoy(Message prototype, Struct tree, FieldPath at) {
        new MessageReader(problems, ENVOY).read(prototype, Structs.node(tree), at);
    }

    /** The place of an object's spec. */
    static FieldPath spec() {
        return FieldPath.ROOT.field("spec");
    }

    /** The rules of one kind. */
    @FunctionalInterface
    interface Rules<T extends Message> {
        void check(Config<T> config, Check check);
    }
}
