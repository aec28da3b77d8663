package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPHealthCheckConfig;
import io.flotilla.api.networking.v1alpha3.ReadinessProbe;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.Set;
import java.util.regex.Pattern;

/** Workloads that are no pods: each one, and what groups of them have in common. */
final class WorkloadRules {
    private static final String ENTRY = "FL0320";
    private static final String GROUP = "FL0330";
    private static final String PROBE = "FL0331";
    private static final String UNIX = "unix://";
    private static final Pattern PORT_NAME = Pattern.compile("[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?");
    private static final int MAX_PORT_NAME = 62;
    private static final Set<String> SCHEMES = Set.of("", "HTTP", "HTTPS");

    private WorkloadRules() {}

    static void entry(Config<WorkloadEntry> config, Check check) {
        WorkloadEntry entry = config.spec();
        FieldPath at = Check.spec();
        String address = entry.getAddress();
        check.require(
                !address.isEmpty() || (!entry.getNetwork().isEmpty() && !check.classic()),
                ENTRY,
                at.field("address"),
                "is required, unless a network says where its gateway is");
        if (address.startsWith(UNIX)) {
            String path = address.substring(UNIX.length());
            boolean fits = (path.startsWith("/") || path.startsWith("@")) && !path.endsWith("/");
            check.require(fits, ENTRY, at.field("address"), "\"" + address + "\" is no UNIX socket: unix:///PATH");
            check.require(entry.getPortsCount() == 0, ENTRY, at.field("ports"), "a UNIX socket has no ports");
        } else {
            check.require(
                    address.isEmpty() || Addresses.isIp(address) || Names.isHost(address),
                    ENTRY,
                    at.field("address"),
                    "\"" + address + "\" is neither an IP address nor a host name");
        }
        common(entry, ENTRY, at, check);
    }

    /** What holds for an entry, and for the template of many. */
    private static void common(WorkloadEntry entry, String code, FieldPath at, Check check) {
        entry.getPortsMap().forEach((name, number) -> {
            FieldPath place = at.field("ports").field(name);
            check.require(
                    name.length() <= MAX_PORT_NAME && PORT_NAME.matcher(name).matches(),
                    code,
                    place,
                    "\"" + name + "\" is no port name");
            check.port(number, place);
        });
        new TargetRules(code, check).selector(entry.getLabelsMap(), at.field("labels"));
        locality(entry.getLocality(), code, at.field("locality"), check);
        String account = entry.getServiceAccount();
        check.require(
                account.isEmpty() || Names.isSubdomain(account),
                code,
                at.field("serviceAccount"),
                "\"" + account + "\" is no service account");
    }

    /** "REGION", "REGION/ZONE" or "REGION/ZONE/SUBZONE". */
    private static void locality(String locality, String code, FieldPath at, Check check) {
        String[] parts = locality.split("/", -1);
        boolean fits = parts.length <= 3 && !locality.contains("*");
        for (String part : parts) {
            fits &= !part.isEmpty() || locality.isEmpty();
        }
        check.require(fits, code, at, "\"" + locality + "\" is no locality: REGION/ZONE/SUBZONE");
    }

    static void group(Config<WorkloadGroup> config, Check check) {
        WorkloadGroup group = config.spec();
        FieldPath at = Check.spec();
        check.require(group.hasTemplate(), GROUP, at.field("template"), "is required");
        FieldPath template = at.field("template");
        if (!group.getTemplate().getAddress().isEmpty()) {
            check.warning(
                    GROUP, template.field("address"), "is not used: each workload registers with its own address");
        }
        common(group.getTemplate(), GROUP, template, check);
        new TargetRules(GROUP, check)
                .selector(
                        group.getMetadata().getLabelsMap(), at.field("metadata").field("labels"));
        group.getMetadata()
                .getAnnotationsMap()
                .keySet()
                .forEach(key -> check.require(
                        Names.isQualifiedName(key),
                        GROUP,
                        at.field("metadata").field("annotations").field(key),
                        "\"" + key + "\" is no annotation name"));
        if (group.hasProbe()) {
            probe(group.getProbe(), at.field("probe"), check);
        }
    }

    static void probe(ReadinessProbe probe, FieldPath at, Check check) {
        check.notNegative(probe.getInitialDelaySeconds(), PROBE, at.field("initialDelaySeconds"));
        check.notNegative(probe.getTimeoutSeconds(), PROBE, at.field("timeoutSeconds"));
        check.notNegative(probe.getPeriodSeconds(), PROBE, at.field("periodSeconds"));
        check.notNegative(probe.getSuccessThreshold(), PROBE, at.field("successThreshold"));
        check.notNegative(probe.getFailureThreshold(), PROBE, at.field("failureThreshold"));
        switch (probe.getHealthCheckMethodCase()) {
            case HTTP_GET -> http(probe.getHttpGet(), at.field("httpGet"), check);
            case TCP_SOCKET ->
                check.port(probe.getTcpSocket().getPort(), at.field("tcpSocket").field("port"));
            case GRPC -> check.port(probe.getGrpc().getPort(), at.field("grpc").field("port"));
            case EXEC -> {
                FieldPath command = at.field("exec").field("command");
                check.require(probe.getExec().getCommandCount() > 0, PROBE, command, "is required");
                if (probe.getExec().getCommandCount() > 0) {
                    check.given(probe.getExec().getCommand(0), PROBE, command.item(0));
                }
            }
            case HEALTHCHECKMETHOD_NOT_SET -> check.error(PROBE, at, "needs httpGet, tcpSocket, grpc or exec");
        }
    }

    private static void http(HTTPHealthCheckConfig http, FieldPath at, Check check) {
        check.port(http.getPort(), at.field("port"));
        check.require(
                SCHEMES.contains(http.getScheme()),
                PROBE,
                at.field("scheme"),
                "must be HTTP or HTTPS, not \"" + http.getScheme() + "\"");
        check.require(
                http.getPath().isEmpty() || http.getPath().startsWith("/"),
                PROBE,
                at.field("path"),
                "\"" + http.getPath() + "\" is no path: it starts with \"/\"");
        for (int i = 0; i < http.getHttpHeadersCount(); i++) {
            check.headerName(
                    http.getHttpHeaders(i).getName(),
                    PROBE,
                    at.field("httpHeaders").item(i).field("name"));
        }
    }
}
