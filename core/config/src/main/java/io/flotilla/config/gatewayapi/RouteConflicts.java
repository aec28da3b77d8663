package io.flotilla.config.gatewayapi;

import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where two routes cannot both be had at a listener: the older one stays. */
final class RouteConflicts {
    private RouteConflicts() {}

    /** Takes back what gives way; routes come oldest first. */
    static void settle(List<BoundRoute> routes) {
        Map<String, List<Attachment>> taken = new TreeMap<>();
        for (BoundRoute route : routes) {
            for (Attachment attachment : route.attachments()) {
                String at = attachment.listener().gateway().key() + " "
                        + attachment.listener().listener().getName();
                // Routes of one kind for requests are had together: only those of the other kind are looked at.
                boolean http = attachment.route().isHttp();
                String rivals = at + (http ? " " + !attachment.route().isGrpc() : "");
                List<Attachment> own = taken.computeIfAbsent(
                        at + (http ? " " + attachment.route().isGrpc() : ""), each -> new ArrayList<>());
                taken.getOrDefault(rivals, List.of()).stream()
                        .filter(other -> conflict(attachment, other))
                        .findFirst()
                        .ifPresentOrElse(
                                other -> route.refuse(
                                        attachment,
                                        "listener "
                                                + attachment
                                                        .listener()
                                                        .listener()
                                                        .getName() + " already has "
                                                + other.route().config().key()),
                                () -> own.add(attachment));
            }
        }
    }

    private static boolean conflict(Attachment one, Attachment other) {
        Form form = one.listener().form().orElse(Form.TCP);
        if (one.route().equals(other.route())) {
            return false;
        }
        if (form == Form.TCP || form == Form.TERMINATED) {
            return true;
        }
        return one.route().isHttp()
                && one.route().isGrpc() != other.route().isGrpc()
                && one.hosts().stream()
                        .anyMatch(host ->
                                other.hosts().stream().anyMatch(each -> Hostnames.matches(host.name(), each.name())));
    }
}
