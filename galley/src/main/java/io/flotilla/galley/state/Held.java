package io.flotilla.galley.state;

import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.ownership.Ownership;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.store.ConfigStore;
import io.flotilla.config.store.DerivedObjects;
import io.flotilla.config.store.Document;
import io.flotilla.config.store.SortedTree;
import io.flotilla.discovery.View;
import java.util.List;

/**
 * What Galley holds at one moment.
 *
 * @param store     documents and the objects in force
 * @param mesh      what these mean to the mesh
 * @param view      as it is served
 * @param problems  of objects that only the mesh as a whole can judge
 * @param documents the text of every document
 * @param servable  consumers may have it: every source has told everything once, or it is what an earlier run held
 * @param complete  every source has told everything once in this run
 * @param ownership hosts that namespaces claim, and what is kept out since it captures them
 * @param derived   what the Gateway API and Ingress became, and what the status of their objects says
 */
public record Held(
        ConfigStore store,
        MeshObjects mesh,
        View view,
        List<Diagnostic> problems,
        SortedTree<Document, String> documents,
        boolean servable,
        boolean complete,
        Ownership ownership,
        DerivedObjects derived) {
    public Held {
        problems = List.copyOf(problems);
    }
}
