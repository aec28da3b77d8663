package io.flotilla.galley.state;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.store.ConfigStore;
import io.flotilla.discovery.View;
import java.util.List;

/**
 * What Galley holds at one moment.
 *
 * @param store    files and the objects in force
 * @param mesh     what these mean to the mesh
 * @param view     as it is served
 * @param problems of objects that only the mesh as a whole can judge
 */
public record Held(ConfigStore store, MeshObjects mesh, View view, List<Diagnostic> problems) {
    public Held {
        problems = List.copyOf(problems);
    }
}
