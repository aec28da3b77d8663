package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.networking.v1alpha3.Port;
import io.flotilla.api.networking.v1alpha3.Server;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Gateway that is ours: what it becomes, and what its status says. */
record BoundGateway(Config<Gateway> config, Proxies proxies, List<BoundListener> listeners) {
    /** One Gateway of Istio's for each listener that can be used, and the routes of each. */
    List<Config<?>> objects(List<Attachment> attachments, HttpCompiler compiler, Memo memo) {
        List<Config<?>> made = new ArrayList<>();
        if (proxies.refused().isPresent() || proxies.selector().isEmpty()) {
            return made;
        }
        for (BoundListener listener : listeners) {
            if (listener.usable()) {
                List<Attachment> attached = of(listener, attachments);
                made.add(gateway(listener, attached));
                made.addAll(new ListenerRoutes(listener, listeners, attached, compiler, memo).objects());
            }
        }
        return made;
    }

    private static List<Attachment> of(BoundListener listener, List<Attachment> attachments) {
        return attachments.stream()
                .filter(attachment -> attachment
                        .listener()
                        .listener()
                        .getName()
                        .equals(listener.listener().getName()))
                .toList();
    }

    private Config<io.flotilla.api.networking.v1alpha3.Gateway> gateway(
            BoundListener listener, List<Attachment> attached) {
        Server.Builder server = Server.newBuilder()
                .setPort(Port.newBuilder()
                        .setNumber(listener.listener().getPort())
                        .setName(listener.listener().getName())
                        .setProtocol(listener.form().orElse(Form.TCP).protocol()));
        listener.tls().ifPresent(server::setTls);
        // What is inside of TLS is not looked at, so that the names of the only route hold already for the server.
        if (listener.form().filter(Form.TERMINATED::equals).isPresent() && !attached.isEmpty()) {
            attached.getFirst().hosts().forEach(host -> server.addHosts("./" + host.name()));
        } else {
            server.addHosts("./" + listener.host());
        }
        return Derived.object(
                Kind.GATEWAY,
                config.namespace(),
                listener.derivedName(),
                io.flotilla.api.networking.v1alpha3.Gateway.newBuilder()
                        .putAllSelector(proxies.selector())
                        .addServers(server)
                        .build(),
                List.of(config));
    }

    ObjectStatus status(List<Attachment> attachments) {
        List<Struct> entries = listeners.stream()
                .map(listener ->
                        ListenerStatus.of(listener, of(listener, attachments).size()))
                .toList();
        Json status = new Json();
        if (!proxies.addresses().isEmpty()) {
            status.put("addresses", proxies.addresses());
        }
        return new ObjectStatus(
                config.key(),
                status.conditions(List.of(accepted(), programmed()))
                        .put("listeners", entries)
                        .build());
    }

    private Condition accepted() {
        if (proxies.refused().isPresent()) {
            return proxies.refused().get();
        }
        List<String> refused = listeners.stream()
                .filter(listener -> !listener.usable())
                .map(listener -> listener.listener().getName())
                .toList();
        if (refused.isEmpty()) {
            return Condition.yes("Accepted");
        }
        boolean any = listeners.stream().anyMatch(BoundListener::accepted);
        return new Condition(
                "Accepted", any, "ListenersNotValid", "listeners that are not served: " + String.join(", ", refused));
    }

    private Condition programmed() {
        Optional<Condition> pending = proxies.refused().isPresent()
                ? Optional.of(Condition.no("Programmed", "Invalid", "the Gateway is not accepted"))
                : proxies.pending();
        return pending.orElseGet(() -> listeners.stream().anyMatch(BoundListener::usable)
                ? Condition.yes("Programmed")
                : Condition.no("Programmed", "Invalid", "no listener can be served"));
    }
}
