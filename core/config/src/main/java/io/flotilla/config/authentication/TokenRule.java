package io.flotilla.config.authentication;

import java.util.List;

/**
 * Tokens of one issuer: how they are checked, where they are found, what is told the application.
 *
 * @param issuer          the claim "iss" must be this
 * @param audiences       one of them must be in "aud"; empty for any
 * @param jwks            JSON Web Key Set, each key of use; empty where no key is known: then no token is good
 * @param places          where the token is
 * @param outputs         what the application gets of it
 * @param spaceDelimited claims, besides "scope" and "permission", that are lists written with blanks
 */
public record TokenRule(
        String issuer,
        List<String> audiences,
        String jwks,
        Places places,
        Outputs outputs,
        List<String> spaceDelimited) {
    public TokenRule {
        audiences = List.copyOf(audiences);
        spaceDelimited = List.copyOf(spaceDelimited);
    }

    /**
     * Where tokens are looked for. Nothing at all means Envoy's defaults: "Authorization: Bearer TOKEN", then the query
     * parameter "access_token".
     */
    public record Places(List<Header> headers, List<String> params, List<String> cookies) {
        public Places {
            headers = List.copyOf(headers);
            params = List.copyOf(params);
            cookies = List.copyOf(cookies);
        }
    }

    /** A header, and what stands in it before the token. */
    public record Header(String name, String prefix) {}

    /**
     * What the application gets.
     *
     * @param forward the token itself stays in the request
     * @param payload header for all claims as base64url; empty for none
     * @param claims  headers for claims
     */
    public record Outputs(boolean forward, String payload, List<ClaimHeader> claims) {
        public Outputs {
            claims = List.copyOf(claims);
        }
    }

    /** A claim, and the header that it is put into. */
    public record ClaimHeader(String header, String claim) {}
}
