package io.flotilla.config.expression;

import io.flotilla.api.policy.v1beta1.ValueType;
import java.util.Optional;

/** The types of values: those of istio.policy.v1beta1.ValueType. */
public enum ExpressionType {
    STRING,
    INT64,
    DOUBLE,
    BOOL,
    TIMESTAMP,
    IP_ADDRESS,
    EMAIL_ADDRESS,
    URI,
    DNS_NAME,
    DURATION,
    STRING_MAP;

    /** Empty where none is declared. */
    public static Optional<ExpressionType> of(ValueType type) {
        return switch (type) {
            case VALUE_TYPE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(valueOf(type.name()));
        };
    }

    /** Values of it have an order. */
    boolean ordered() {
        return switch (this) {
            case STRING, INT64, DOUBLE, TIMESTAMP, DURATION -> true;
            case BOOL, IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME, STRING_MAP -> false;
        };
    }

    /** Values of it can be added. */
    boolean addable() {
        return this == STRING || this == INT64 || this == DOUBLE;
    }
}
