package io.flotilla.e2e.mesh;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.LocalTokenIssuer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** An issuer of end users' tokens. */
public final class Accounts {
    public static final String ISSUER = "https://accounts.example.com";

    private static final Duration VALID = Duration.ofMinutes(10);

    private final SecureRandom random = new SecureRandom();
    private final LocalTokenIssuer issuer = LocalTokenIssuer.create(random).named(ISSUER);

    public String jwks() {
        return issuer.jwks();
    }

    /** Where a pod of flotilla/echo on port 8000 serves the keys; Galley, which is in the mesh, reaches no host. */
    public String jwksUri(String pod) {
        String keys = Base64.getUrlEncoder().withoutPadding().encodeToString(jwks().getBytes(StandardCharsets.UTF_8));
        return "http://" + pod + ":8000/base64/" + keys;
    }

    public String token() {
        return token(Instant.now());
    }

    /** One that is valid no more. */
    public String expired() {
        return token(Instant.now().minus(VALID.multipliedBy(2)));
    }

    private String token(Instant made) {
        return issuer.mint(
                new LocalTokenIssuer.TokenRequest(
                        new ServiceAccount("people", "ann"), Optional.empty(), "books", VALID),
                made,
                random);
    }
}
