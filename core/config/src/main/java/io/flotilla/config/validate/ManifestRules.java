package io.flotilla.config.validate;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.mixer.adapter.model.v1beta1.Info;
import io.flotilla.api.mixer.adapter.model.v1beta1.Template;
import io.flotilla.api.policy.v1beta1.AttributeManifest;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** What extends Mixer: attributemanifest, adapter and template. */
final class ManifestRules {
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final int MAX_DESCRIPTOR = 1 << 20;

    private ManifestRules() {}

    static void attributes(Config<AttributeManifest> config, Check check) {
        FieldPath at = Check.spec().field("attributes");
        config.spec().getAttributesMap().forEach((name, info) -> {
            FieldPath place = at.field(name);
            check.require(
                    ATTRIBUTE.matcher(name).matches(),
                    "FL0423",
                    place,
                    "\"" + name + "\" cannot be named in expressions: letters, digits, \"_\" and dots between");
            ExpressionType type = ExpressionType.of(info.getValueType()).orElse(null);
            check.require(type != null, "FL0423", place.field("valueType"), "is required");
            ExpressionType known = Vocabulary.standard().type(name).orElse(null);
            if (type != null && known != null && type != known) {
                check.warning(
                        "FL0423",
                        place.field("valueType"),
                        "the proxy sends \"" + name + "\" as " + known + ", so that it never has type " + type);
            }
        });
    }

    static void adapter(Config<Info> config, Check check) {
        FieldPath at = Check.spec();
        for (int i = 0; i < config.spec().getTemplatesCount(); i++) {
            MixerNames.reference(
                    config.spec().getTemplates(i),
                    List.of("template"),
                    at.field("templates").item(i),
                    check);
        }
        check.require(config.spec().getTemplatesCount() > 0, "FL0424", at.field("templates"), "needs a template");
        if (!config.spec().getConfig().isEmpty()) {
            descriptor(config.spec().getConfig(), at.field("config"), check);
        }
    }

    static void template(Config<Template> config, Check check) {
        FieldPath at = Check.spec().field("descriptor");
        if (config.spec().getDescriptorSet().isEmpty()) {
            check.error("FL0424", at, "is required");
        } else {
            descriptor(config.spec().getDescriptorSet(), at, check);
        }
    }

    private static void descriptor(String text, FieldPath at, Check check) {
        if (text.length() > MAX_DESCRIPTOR) {
            check.error("FL0424", at, "a descriptor has at most " + MAX_DESCRIPTOR + " characters");
            return;
        }
        try {
            FileDescriptorSet files =
                    FileDescriptorSet.parseFrom(Base64.getMimeDecoder().decode(text));
            check.require(files.getFileCount() > 0, "FL0424", at, "describes nothing: there is no file in it");
        } catch (IllegalArgumentException e) {
            check.error("FL0424", at, "is not base64");
        } catch (InvalidProtocolBufferException e) {
            check.error("FL0424", at, "is no FileDescriptorSet");
        }
    }
}
