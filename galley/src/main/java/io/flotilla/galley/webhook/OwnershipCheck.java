package io.flotilla.galley.webhook;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.ownership.Ownership;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Hosts that namespaces claimed when the mesh was last published. */
@ApplicationScoped
class OwnershipCheck implements MeshCheck, PublishListener {
    private volatile Ownership ownership = Ownership.of(OwnershipOptions.OFF);

    @Override
    public void published(Publisher.Outcome outcome) {
        ownership = outcome.held().ownership();
    }

    @Override
    public List<Diagnostic> check(Config<?> object) {
        return ownership.check(object);
    }
}
