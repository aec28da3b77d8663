package io.flotilla.config.validate;

import io.flotilla.config.schema.FieldPath;

/** Ports, addresses and trust domains in the settings of the mesh, where 0 and "" stand for absent. */
final class MeshAddresses {
    private static final String CODE = "FL0801";
    private static final String NODE = "$(HOST_IP)";

    private final Check check;

    MeshAddresses(Check check) {
        this.check = check;
    }

    void port(int port, FieldPath at) {
        if (port != 0) {
            check.port(port, at);
        }
    }

    /** "HOST:PORT"; the host may be an IP address, of version 6 in brackets. */
    void hostAndPort(String address, String code, FieldPath at) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        boolean fits = bracketed
                ? Addresses.isV6(host.substring(1, host.length() - 1))
                : Addresses.isV4(host)
                        || Names.isHost(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        check.require(
                fits && colon >= 0 && isPort(address.substring(colon + 1)),
                code,
                at,
                address.isEmpty() ? "is required, HOST:PORT" : "\"" + address + "\" is no address, HOST:PORT");
    }

    /** As {@link #hostAndPort}; the host may be that of the node, "$(HOST_IP)". */
    void hostOfNodeAndPort(String address, String code, FieldPath at) {
        if (address.startsWith(NODE)) {
            check.require(
                    address.startsWith(NODE + ":") && isPort(address.substring(NODE.length() + 1)),
                    code,
                    at,
                    "\"" + address + "\" is no address, HOST:PORT");
        } else {
            hostAndPort(address, code, at);
        }
    }

    private static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535;
    }

    /** Labels with dots between; "td" and "td." too, but no upper case and no scheme. */
    void trustDomain(String domain, FieldPath at) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        boolean fits = !name.isEmpty();
        for (String label : name.split("\\.", -1)) {
            fits &= Names.isLabel(label);
        }
        check.require(fits, CODE, at, "\"" + domain + "\" is no trust domain: lower case, digits, \"-\" and dots");
    }
}
