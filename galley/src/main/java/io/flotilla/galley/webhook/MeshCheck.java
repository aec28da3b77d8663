package io.flotilla.galley.webhook;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import java.util.List;

/**
 * What only the other objects of the mesh can tell of one object: all beans of this type are asked about each object
 * that is fine by itself. Errors refuse it, warnings go to whoever sent it. For any thread.
 */
public interface MeshCheck {
    List<Diagnostic> check(Config<?> object);
}
