package io.flotilla.injection;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * MeshConfig as text: a file, or the key "mesh" of the mesh's ConfigMap.
 *
 * @param mesh     what it says
 * @param problems what cannot be read; the text then says nothing
 */
public record MeshText(MeshConfig mesh, List<String> problems) {
    public MeshText {
        problems = List.copyOf(problems);
    }

    /** Reads YAML or JSON. */
    public static MeshText of(String text) {
        List<String> problems = new ArrayList<>();
        MeshConfig read = ProxyText.read(text, MeshConfig.getDefaultInstance(), problems);
        return new MeshText(problems.isEmpty() ? read : MeshConfig.getDefaultInstance(), problems);
    }
}
