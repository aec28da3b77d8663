package io.flotilla.config.validate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import io.flotilla.api.policy.v1beta1.Instance;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.expression.Vocabulary;
import io.flotilla.config.mixer.Template;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Instances of templates: every value is an expression of the type that the template's field has. */
final class MixerInstanceRules {
    private static final String BINDINGS = "attribute_bindings";

    private final Check check;

    private MixerInstanceRules(Check check) {
        this.check = check;
    }

    /** kind: instance. */
    static void instance(Config<Instance> config, Check check) {
        new MixerInstanceRules(check).instance(config.spec(), Check.spec());
    }

    /** kind: metric, and the like: the shorthand of a template. */
    static Check.Rules<Message> shorthand(Template template) {
        return (config, check) -> {
            check.warning(
                    "FL0460",
                    FieldPath.ROOT.field("kind"),
                    "is deprecated; write \"kind: instance\" with \"compiledTemplate: " + template.name()
                            + "\" and these fields under \"params\"");
            new MixerInstanceRules(check).params(template, config.spec(), Check.spec());
        };
    }

    private void instance(Instance instance, FieldPath at) {
        boolean compiled = !instance.getCompiledTemplate().isEmpty();
        boolean outside = !instance.getTemplate().isEmpty();
        if (compiled == outside) {
            check.error("FL0420", at, "needs compiledTemplate or template" + (compiled ? ", not both" : ""));
        }
        FieldPath params = at.field("params");
        FieldPath bindings = at.field("attributeBindings");
        if (compiled) {
            Template template = Templates.find(instance.getCompiledTemplate()).orElse(null);
            if (template == null) {
                check.error(
                        "FL0420",
                        at.field("compiledTemplate"),
                        "unknown template \"" + instance.getCompiledTemplate() + "\""
                                + Spelling.suggestion(instance.getCompiledTemplate(), Templates.names())
                                + "; built in are " + String.join(", ", Templates.names()));
                return;
            }
            check.settings(
                    template.instance(),
                    instance.getParams(),
                    params,
                    (message, inner) -> new MixerInstanceRules(inner).params(template, message, params));
            bindings(template, instance.getAttributeBindingsMap(), bindings);
        } else if (outside) {
            MixerNames.reference(instance.getTemplate(), java.util.List.of("template"), at.field("template"), check);
            instance.getParams().getFieldsMap().forEach((name, value) -> free(value, params.field(name)));
        }
    }

    /** Values of a template that is described in another object: expressions of types not known here. */
    private void free(Value value, FieldPath at) {
        switch (value.getKindCase()) {
            case STRING_VALUE -> new Expressions(check).any(value.getStringValue(), at);
            case STRUCT_VALUE ->
                value.getStructValue().getFieldsMap().forEach((name, inner) -> free(inner, at.field(name)));
            case LIST_VALUE -> {
                for (int i = 0; i < value.getListValue().getValuesCount(); i++) {
                    free(value.getListValue().getValues(i), at.item(i));
                }
            }
            case NUMBER_VALUE, BOOL_VALUE, NULL_VALUE, KIND_NOT_SET -> {
                // constants of the template's own making
            }
        }
    }

    private void params(Template template, Message params, FieldPath at) {
        fields(template.fields(), params, at);
        FieldDescriptor field = params.getDescriptorForType().findFieldByName(BINDINGS);
        if (field != null) {
            bindings(template, map(params, field), at.field(field.getJsonName()));
        }
    }

    private void fields(Descriptor types, Message values, FieldPath at) {
        for (FieldDescriptor type : types.getFields()) {
            FieldDescriptor field = values.getDescriptorForType().findFieldByNumber(type.getNumber());
            FieldPath place = at.field(type.getJsonName());
            if (type.isMapField()) {
                map(values, field).forEach((key, text) -> entry(type, text, place.field(key)));
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                fields(type.getMessageType(), (Message) values.getField(field), place);
            } else {
                field(type, (String) values.getField(field), place);
            }
        }
    }

    /** A field may be left out, but for one that takes any type: without an expression it has none. */
    private void field(FieldDescriptor field, String text, FieldPath at) {
        ExpressionType wanted = FieldTypes.of(field).orElse(null);
        if (text.isEmpty()) {
            check.require(wanted != null, "FL0421", at, "is required");
        } else if (wanted == null) {
            new Expressions(check).any(text, at);
        } else {
            new Expressions(check).of(wanted, text, at);
        }
    }

    private void entry(FieldDescriptor field, String text, FieldPath at) {
        ExpressionType wanted =
                FieldTypes.of(field.getMessageType().findFieldByNumber(2)).orElse(null);
        if (wanted == null) {
            new Expressions(check).any(text, at);
        } else {
            new Expressions(check).of(wanted, text, at);
        }
    }

    private static Map<String, String> map(Message message, FieldDescriptor field) {
        Map<String, String> entries = new TreeMap<>();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) message.getRepeatedField(field, i);
            Descriptor type = entry.getDescriptorForType();
            entries.put((String) entry.getField(type.findFieldByNumber(1)), (String)
                    entry.getField(type.findFieldByNumber(2)));
        }
        return entries;
    }

    private void bindings(Template template, Map<String, String> bindings, FieldPath at) {
        if (bindings.isEmpty()) {
            return;
        }
        Descriptor output = template.output().orElse(null);
        if (output == null) {
            check.error(
                    "FL0422", at, "only templates that make attributes have it, and " + template.name() + " does not");
            return;
        }
        Vocabulary outputs = FieldTypes.outputs(output, check.vocabulary());
        bindings.forEach((attribute, text) -> {
            Optional<ExpressionType> wanted = check.vocabulary().type(attribute);
            if (wanted.isEmpty()) {
                check.warning(
                        "FL0412",
                        at.field(attribute),
                        "unknown attribute \"" + attribute + "\""
                                + Spelling.suggestion(
                                        attribute, check.vocabulary().names())
                                + "; only an attributemanifest can declare it");
                new Expressions(check, outputs).any(text, at.field(attribute));
            } else {
                new Expressions(check, outputs).of(wanted.get(), text, at.field(attribute));
            }
        });
    }
}
