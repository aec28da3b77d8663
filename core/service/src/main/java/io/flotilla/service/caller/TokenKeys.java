package io.flotilla.service.caller;

import io.flotilla.identity.token.Jwks;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The public keys of the tokens' issuer, from a file that may change; a damaged file changes nothing. It
 * is looked at once a second, and for a key that was not in it. */
public final class TokenKeys implements KeySource {
    private static final System.Logger LOG = System.getLogger("callers");
    private static final Jwks NONE = new Jwks(Map.of());

    private static final long LOOK_NANOS = 1_000_000_000;

    private final Path file;
    private @Nullable FileTime read;
    private volatile Jwks keys = NONE;
    private volatile long looked;
    private String told = "";

    public TokenKeys(Path file) {
        this.file = file;
        this.looked = System.nanoTime() - LOOK_NANOS;
    }

    @Override
    public Answer keys(String key) {
        boolean fresh = System.nanoTime() - looked < LOOK_NANOS;
        return new Answer.Keys(fresh && keys.keys().containsKey(key) ? keys : current());
    }

    /** As the file says now, or as it last said. */
    public synchronized Jwks current() {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(read)) {
                read = modified;
                Jwks.parse(Files.readString(file))
                        .ifPresentOrElse(
                                parsed -> keys = parsed,
                                () -> LOG.log(
                                        Level.ERROR, "{0} holds no JSON Web Key Set; keys stay as they were", file));
            }
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage());
            // Whoever comes with a key that nobody knows has the file looked at.
            if (!problem.equals(told)) {
                LOG.log(Level.ERROR, "{0} cannot be read: {1}; keys stay as they were", file, problem);
            }
            told = problem;
        }
        looked = System.nanoTime();
        return keys;
    }
}
