package io.flotilla.config.analysis.classic;

import io.flotilla.api.policy.v1beta1.AttributeManifest;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.validate.Validators;
import io.flotilla.config.yaml.YamlNode;
import java.util.List;
import java.util.Map;

/** Expressions, by the attributes that all manifests together declare: what one object alone cannot know. */
final class MixerAttributes implements Check {
    private static final Entry UNKNOWN =
            Entry.error("FA0914", "an expression names an attribute that no attributemanifest declares", """
            Mixer knows the attributes that the proxy sends, those that its adapter for Kubernetes adds, and those that
            attributemanifest objects declare. This one is none of them, so Mixer passes over the rule or instance.
            Correct the name, or declare the attribute.""");
    private static final Entry TYPE =
            Entry.error("FA0915", "an attribute has another type than an expression needs", """
            An attributemanifest declares the attribute with a type that does not fit where the expression uses it, so
            Mixer passes over the rule or instance. Convert the value, or correct the type in the manifest.""");
    private static final String UNKNOWN_ATTRIBUTE = "FL0412";
    private static final String WRONG_TYPE = "FL0411";
    private static final YamlNode NOWHERE = new YamlNode.Mapping(Map.of(), 0);

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, TYPE);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Vocabulary vocabulary = Vocabulary.standard();
        for (Config<AttributeManifest> manifest : mesh.all(Kind.mixer("attributemanifest"), AttributeManifest.class)) {
            vocabulary = vocabulary.with(manifest.spec());
        }
        for (Config<?> config : mesh.objects()) {
            if (config.key().kind().group().equals(Kind.mixer("rule").group())) {
                expressions(config, vocabulary, findings);
            }
        }
    }

    private static void expressions(Config<?> config, Vocabulary vocabulary, Findings findings) {
        Problems problems = new Problems("", config.key().toString(), NOWHERE);
        Validators.validate(config, vocabulary, problems);
        for (Diagnostic problem : problems.found()) {
            FieldPath at = FieldPath.parse(problem.path());
            if (problem.code().equals(UNKNOWN_ATTRIBUTE)) {
                findings.report(
                        UNKNOWN, config, at, problem.message().replaceFirst("; only an attributemanifest.*", ""));
            } else if (problem.code().equals(WRONG_TYPE)) {
                findings.report(TYPE, config, at, problem.message());
            }
        }
    }
}
