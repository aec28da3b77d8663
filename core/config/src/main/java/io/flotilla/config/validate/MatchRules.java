package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.config.schema.FieldPath;
import java.util.Map;

/** Conditions on requests. */
final class MatchRules {
    /** What a gateway has read of a token, in the place of a header's name. */
    private static final String CLAIMS = "@request.auth.claims";

    private final Check check;

    MatchRules(Check check) {
        this.check = check;
    }

    void http(HTTPMatchRequest match, boolean delegated, FieldPath at) {
        string(match.getUri(), at.field("uri"));
        string(match.getScheme(), at.field("scheme"));
        string(match.getMethod(), at.field("method"));
        string(match.getAuthority(), at.field("authority"));
        strings(match.getHeadersMap(), true, at.field("headers"));
        strings(match.getWithoutHeadersMap(), true, at.field("withoutHeaders"));
        strings(match.getQueryParamsMap(), false, at.field("queryParams"));
        if (match.getPort() != 0) {
            check.port(match.getPort(), at.field("port"));
        }
        check.labels(match.getSourceLabelsMap(), at.field("sourceLabels"));
        check.gatewayNames(match.getGatewaysList(), at.field("gateways"));
        if (delegated && match.getGatewaysCount() > 0) {
            check.error("FL0116", at.field("gateways"), "cannot be given in a delegate");
        }
    }

    void string(StringMatch match, FieldPath at) {
        if (match.hasRegex()) {
            check.require(!match.getRegex().isEmpty(), "FL0106", at.field("regex"), "must not be empty");
            check.regex(match.getRegex(), at.field("regex"));
        }
    }

    private void strings(Map<String, StringMatch> matches, boolean headers, FieldPath at) {
        matches.forEach((name, match) -> {
            FieldPath place = at.field(name);
            if (name.isEmpty()) {
                check.error("FL0106", at, "a name must not be empty");
            } else if (headers && !name.startsWith(":") && !name.startsWith(CLAIMS)) {
                check.headerName(name, "FL0106", place);
            }
            string(match, place);
        });
    }
}
