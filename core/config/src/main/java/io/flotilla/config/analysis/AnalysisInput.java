package io.flotilla.config.analysis;

import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is analysed.
 *
 * @param objects   all objects as they were written, in their hub version
 * @param snapshot  the mesh that they make
 * @param positions where their fields stand
 * @param calls     who is known to call whom, beyond what configuration says; empty where nobody looked
 */
public record AnalysisInput(
        Collection<Config<?>> objects, MeshSnapshot snapshot, Positions positions, Collection<Call> calls) {
    public AnalysisInput {
        objects = List.copyOf(objects);
        calls = List.copyOf(calls);
    }

    /**
     * An observed call.
     *
     * @param from host of the calling workload's service, "productpage.default.svc.cluster.local"
     * @param to   host that it calls
     */
    public record Call(String from, String to) {}

    /** Objects that are in force somewhere, without their text: findings have the line of the object. */
    public static AnalysisInput live(Collection<Config<?>> objects, MeshSnapshot snapshot) {
        return new AnalysisInput(objects, snapshot, Positions.OF_OBJECTS, List.of());
    }

    /** A folder that was read, and the text of its files by name. */
    public static AnalysisInput folder(MeshFolder folder, Map<String, String> texts) {
        return new AnalysisInput(folder.objects(), folder.snapshot(), new TextPositions(texts), List.of());
    }
}
