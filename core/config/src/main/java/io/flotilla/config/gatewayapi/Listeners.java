package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.api.gatewayapi.v1.RouteKind;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges the listeners of a Gateway: protocols, kinds of routes, certificates, and whether they can be told apart. */
record Listeners(Certificates certificates) {
    List<BoundListener> of(Config<Gateway> gateway, Proxies proxies) {
        List<BoundListener> judged = new ArrayList<>();
        for (Listener listener : gateway.spec().getListenersList()) {
            judged.add(judge(gateway, listener, proxies));
        }
        return judged.stream().map(listener -> conflicts(listener, judged)).toList();
    }

    private BoundListener judge(Config<Gateway> gateway, Listener listener, Proxies proxies) {
        Optional<Form> form = Form.of(listener);
        List<Condition> wrong = new ArrayList<>();
        if (form.isEmpty()) {
            wrong.add(Condition.no(
                    "Accepted",
                    "UnsupportedProtocol",
                    "protocol " + listener.getProtocol() + " is not supported; HTTP, HTTPS, TLS and TCP are"));
            return new BoundListener(gateway, listener, form, List.of(), Optional.empty(), wrong);
        }
        List<String> kinds = kinds(listener, form.get(), wrong);
        Certificates.Outcome tls = certificates.of(gateway, listener, form.get(), proxies);
        wrong.addAll(tls.wrong());
        return new BoundListener(gateway, listener, form, kinds, tls.settings(), wrong);
    }

    private static List<String> kinds(Listener listener, Form form, List<Condition> wrong) {
        List<RouteKind> asked = listener.getAllowedRoutes().getKindsList();
        if (asked.isEmpty()) {
            return form.kinds();
        }
        List<String> kinds = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (RouteKind kind : asked) {
            boolean own = !kind.hasGroup() || kind.getGroup().equals(GatewayApi.GROUP);
            if (own && form.kinds().contains(kind.getKind())) {
                kinds.add(kind.getKind());
            } else {
                foreign.add(kind.getKind());
            }
        }
        if (!foreign.isEmpty()) {
            wrong.add(Condition.no(
                    "ResolvedRefs",
                    "InvalidRouteKinds",
                    "a listener of protocol " + listener.getProtocol() + " takes no " + String.join(", ", foreign)));
        }
        return kinds;
    }

    private static BoundListener conflicts(BoundListener listener, List<BoundListener> all) {
        for (BoundListener other : all) {
            if (other.equals(listener)
                    || other.listener().getPort() != listener.listener().getPort()
                    || other.form().isEmpty()
                    || listener.form().isEmpty()) {
                continue;
            }
            String at = "port " + listener.listener().getPort();
            boolean together =
                    listener.form().get().isTls() && other.form().get().isTls();
            if (!together && listener.form().get() != other.form().get()) {
                return conflict(
                        listener,
                        "ProtocolConflict",
                        at + " is " + other.listener().getProtocol() + " for listener "
                                + other.listener().getName());
            }
            if (listener.form().get() == Form.TCP || listener.host().equals(other.host())) {
                return conflict(
                        listener,
                        "HostnameConflict",
                        at + " and host " + listener.host() + " are taken by listener "
                                + other.listener().getName() + " too");
            }
        }
        return listener;
    }

    private static BoundListener conflict(BoundListener listener, String reason, String message) {
        List<Condition> wrong = new ArrayList<>(listener.conditions());
        wrong.add(Condition.no("Accepted", reason, message));
        wrong.add(new Condition("Conflicted", true, reason, message));
        return new BoundListener(
                listener.gateway(), listener.listener(), listener.form(), listener.kinds(), listener.tls(), wrong);
    }
}
