package io.flotilla.policy;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.policy.Attempt.Request;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an attempt.
 *
 * @param identity of the peer as the port sees it; empty for nobody
 * @param request  empty for a connection
 * @param path     of the request as the mesh normalises it, with query
 * @param claims   of a token that was checked
 */
record Facts(
        Attempt attempt, int port, String identity, Optional<Request> request, String path, Optional<Struct> claims) {
    static Facts of(Attempt attempt, Optional<Request> request, String identity, Protection protection) {
        return new Facts(
                attempt,
                protection.port().number(),
                identity,
                request,
                request.map(each -> PathForm.whole(protection.normalization(), each.path()))
                        .orElse(""),
                Optional.empty());
    }

    /** The same after tokens were checked. */
    Facts with(TokenCheck.Result tokens) {
        return new Facts(attempt, port, identity, request, path, tokens.claims());
    }

    boolean http() {
        return request.isPresent();
    }

    String sourceIp() {
        return attempt.caller().sourceIp();
    }

    String remoteIp() {
        // Where a request is seen as a connection, nobody reads what its headers tell.
        boolean unread = attempt.request().isPresent() && !http();
        return attempt.caller().remoteIp().isEmpty() || unread
                ? sourceIp()
                : attempt.caller().remoteIp();
    }

    /** Without query. */
    String plainPath() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** The values of a header, one for each line; empty where it is not there. */
    List<String> header(String name) {
        return request.map(each -> switch (name) {
                    case ":authority", "host" -> List.of(each.host());
                    case ":method" -> List.of(each.method());
                    case ":path" -> List.of(path);
                    default -> each.headers().getOrDefault(name, List.of());
                })
                .orElse(List.of());
    }

    /** A claim of the checked token, by the names from its root down. */
    Optional<Value> claim(List<String> path) {
        Optional<Value> at =
                claims.map(struct -> Value.newBuilder().setStructValue(struct).build());
        for (String name : path) {
            at = at.filter(value -> value.getStructValue().containsFields(name))
                    .map(value -> value.getStructValue().getFieldsOrThrow(name));
        }
        return at;
    }

    /** The texts of a claim: itself, or those of its list. */
    static List<String> texts(Value claim) {
        return switch (claim.getKindCase()) {
            case STRING_VALUE -> List.of(claim.getStringValue());
            case LIST_VALUE -> texts(claim.getListValue());
            case NULL_VALUE, NUMBER_VALUE, BOOL_VALUE, STRUCT_VALUE, KIND_NOT_SET -> List.of();
        };
    }

    private static List<String> texts(ListValue list) {
        return list.getValuesList().stream()
                .filter(Value::hasStringValue)
                .map(Value::getStringValue)
                .toList();
    }
}
