package io.flotilla.config.expression;

import io.flotilla.config.expression.ExpressionProblem.Kind;
import io.flotilla.config.schema.Durations;
import io.flotilla.config.validate.Addresses;
import io.flotilla.config.validate.Names;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What can be known of text in quotes before there is a request; regular expressions are for those who have limits. */
final class Literals {
    private Literals() {}

    /** A call of a function with a text that it can never take. */
    static Optional<ExpressionProblem> problem(Expression.Call call) {
        if (!(call.arguments().stream().findFirst().orElse(null) instanceof Expression.Text(String text, int at))) {
            return Optional.empty();
        }
        return switch (call.function()) {
            case IP -> unless(Addresses.isIp(text), at, text, "is no IP address");
            case TIMESTAMP_OF -> unless(isTime(text), at, text, "is no time; write \"2026-01-31T10:00:00Z\"");
            case DNS_NAME_OF ->
                unless(
                        Names.isWildcardHost(text.endsWith(".") ? text.substring(0, text.length() - 1) : text),
                        at,
                        text,
                        "is no host name");
            case EMAIL -> unless(isMail(text), at, text, "is no mail address");
            case URI_OF -> unless(isUri(text), at, text, "is no URI");
            case MATCH,
                    MATCHES,
                    STARTS_WITH,
                    ENDS_WITH,
                    TO_LOWER,
                    SIZE,
                    EMPTY_STRING_MAP,
                    CONDITIONAL_STRING,
                    CONDITIONAL -> Optional.empty();
        };
    }

    /** Text where another type is wanted: only durations and times can be written so. */
    static Optional<ExpressionProblem> problem(String text, ExpressionType wanted, int position, String what) {
        return switch (wanted) {
            case STRING -> Optional.empty();
            case DURATION ->
                unless(Durations.parse(text).isPresent(), position, text, "is no duration; write \"100ms\" or \"5s\"");
            case TIMESTAMP -> unless(isTime(text), position, text, "is no time; write \"2026-01-31T10:00:00Z\"");
            case IP_ADDRESS -> type(what, wanted, "ip(\"" + text + "\")", position);
            case EMAIL_ADDRESS -> type(what, wanted, "email(\"" + text + "\")", position);
            case URI -> type(what, wanted, "uri(\"" + text + "\")", position);
            case DNS_NAME -> type(what, wanted, "dnsName(\"" + text + "\")", position);
            case STRING_MAP -> type(what, wanted, "emptyStringMap()", position);
            case INT64, DOUBLE, BOOL -> type(what, wanted, "it without quotes", position);
        };
    }

    private static Optional<ExpressionProblem> type(String what, ExpressionType wanted, String remedy, int position) {
        return Optional.of(new ExpressionProblem(
                Kind.TYPE, position, what + " must be of type " + wanted + ", not STRING; write " + remedy));
    }

    private static Optional<ExpressionProblem> unless(boolean fits, int position, String text, String why) {
        return fits
                ? Optional.empty()
                : Optional.of(new ExpressionProblem(Kind.VALUE, position, "\"" + text + "\" " + why));
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isMail(String text) {
        int at = text.lastIndexOf('@');
        return at > 0 && Names.isHost(text.substring(at + 1)) && text.chars().noneMatch(Character::isWhitespace);
    }

    private static boolean isUri(String text) {
        try {
            return !text.isEmpty() && !URI.create(text).toString().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
