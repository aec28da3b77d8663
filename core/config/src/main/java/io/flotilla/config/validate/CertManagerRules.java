package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Certificates that cert-manager makes, in its API of today and in certmanager.k8s.io/v1alpha1 before it. */
final class CertManagerRules {
    private static final String CODE = "FL0708";
    private static final String OLD = "certmanager.k8s.io/v1alpha1";
    private static final Set<String> ALGORITHMS = Set.of("RSA", "ECDSA", "Ed25519", "rsa", "ecdsa");
    private static final List<String> SUBJECTS = List.of(
            "commonName",
            "dnsNames",
            "ipAddresses",
            "uris",
            "uriSANs",
            "emailAddresses",
            "emailSANs",
            "literalSubject");
    private static final List<String> ISSUERS = List.of("acme", "ca", "vault", "selfSigned", "venafi");
    private static final int HOUR = 3600;

    private CertManagerRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.CERTIFICATE, Struct.class, CertManagerRules::certificate);
        rules.add(Kind.CERTIFICATE_REQUEST, Struct.class, CertManagerRules::request);
        rules.add(Kind.ISSUER, Struct.class, CertManagerRules::issuer);
        rules.add(Kind.CLUSTER_ISSUER, Struct.class, CertManagerRules::issuer);
    }

    private static ManifestField spec(Config<Struct> config, Check check) {
        ManifestField root = ManifestField.root(config.spec(), check);
        if (root.field("apiVersion").value().getStringValue().equals(OLD) && !check.classic()) {
            check.warning(
                    CODE,
                    root.field("apiVersion").at(),
                    "\"" + OLD + "\" is served no longer: use \"cert-manager.io/v1\"");
        }
        return root.field("spec").required();
    }

    private static void certificate(Config<Struct> config, Check check) {
        ManifestField spec = spec(config, check);
        requiredText(spec.field("secretName"), check);
        issuerRef(spec, check);
        boolean named = SUBJECTS.stream().anyMatch(field -> spec.field(field).present());
        check.require(named, CODE, spec.at(), "needs a name to certify: dnsNames, ipAddresses, uris or commonName");
        for (ManifestField name : spec.field("dnsNames").items()) {
            String host = name.text().orElse("");
            check.require(
                    Names.isWildcardHost(host) && !host.equals("*"),
                    CODE,
                    name.at(),
                    "\"" + host + "\" is no host name, with or without wildcard");
        }
        for (ManifestField address : spec.field("ipAddresses").items()) {
            String ip = address.text().orElse("");
            check.require(Addresses.isIp(ip), CODE, address.at(), "\"" + ip + "\" is no IP address");
        }
        Optional<Duration> lifetime = duration(spec.field("duration"), check);
        Optional<Duration> renew = duration(spec.field("renewBefore"), check);
        lifetime.ifPresent(each -> check.require(
                each.getSeconds() >= HOUR, CODE, spec.field("duration").at(), "must be at least 1h"));
        check.require(
                lifetime.isEmpty()
                        || renew.isEmpty()
                        || renew.get().getSeconds() < lifetime.get().getSeconds(),
                CODE,
                spec.field("renewBefore").at(),
                "must be shorter than duration");
        ManifestField algorithm = spec.field("privateKey").field("algorithm");
        String name = algorithm.text().orElse("RSA");
        check.require(
                ALGORITHMS.contains(name), CODE, algorithm.at(), "must be RSA, ECDSA or Ed25519, not \"" + name + "\"");
    }

    private static void request(Config<Struct> config, Check check) {
        ManifestField spec = spec(config, check);
        boolean old = spec.field("csr").present();
        requiredText(spec.field(old ? "csr" : "request"), check);
        issuerRef(spec, check);
    }

    private static void issuer(Config<Struct> config, Check check) {
        ManifestField spec = spec(config, check);
        List<String> given = new ArrayList<>();
        ISSUERS.stream().filter(field -> spec.field(field).present()).forEach(given::add);
        check.require(
                given.size() == 1,
                CODE,
                spec.at(),
                given.isEmpty()
                        ? "needs one of " + String.join(", ", ISSUERS)
                        : "takes one issuer, not " + String.join(" and ", given));
        if (spec.field("ca").present()) {
            requiredText(spec.field("ca").field("secretName"), check);
        }
        if (spec.field("vault").present()) {
            requiredText(spec.field("vault").field("server"), check);
            requiredText(spec.field("vault").field("path"), check);
        }
        if (spec.field("acme").present()) {
            ManifestField server = spec.field("acme").field("server");
            String url = server.text().orElse("");
            check.require(
                    Urls.isWeb(url),
                    CODE,
                    server.at(),
                    url.isEmpty() ? "is required" : "\"" + url + "\" is no http or https URL");
        }
    }

    private static void issuerRef(ManifestField spec, Check check) {
        requiredText(spec.field("issuerRef").required().field("name"), check);
    }

    private static void requiredText(ManifestField field, Check check) {
        Optional<String> text = field.text();
        check.require(field.present() && !text.orElse("x").isEmpty(), CODE, field.at(), "is required");
    }

    private static Optional<Duration> duration(ManifestField field, Check check) {
        Optional<String> text = field.text();
        Optional<Duration> duration = text.flatMap(Durations::parse);
        check.require(
                text.isEmpty() || duration.isPresent(),
                CODE,
                field.at(),
                "\"" + text.orElse("") + "\" is no duration; write \"2160h\"");
        return duration;
    }
}
