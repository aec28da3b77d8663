package io.flotilla.identity.der;

/** Object identifiers, dotted, by the names that the RFCs give them. */
public final class Oids {
    public static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    public static final String P256 = "1.2.840.10045.3.1.7";
    public static final String P384 = "1.3.132.0.34";
    public static final String P521 = "1.3.132.0.35";
    public static final String RSA = "1.2.840.113549.1.1.1";
    public static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    public static final String ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    public static final String ECDSA_SHA512 = "1.2.840.10045.4.3.4";
    public static final String RSA_SHA256 = "1.2.840.113549.1.1.11";
    public static final String RSA_SHA384 = "1.2.840.113549.1.1.12";
    public static final String RSA_SHA512 = "1.2.840.113549.1.1.13";
    public static final String COMMON_NAME = "2.5.4.3";
    public static final String ORGANIZATION = "2.5.4.10";
    public static final String SUBJECT_KEY_ID = "2.5.29.14";
    public static final String KEY_USAGE = "2.5.29.15";
    public static final String SUBJECT_ALT_NAME = "2.5.29.17";
    public static final String CRL_NUMBER = "2.5.29.20";
    public static final String BASIC_CONSTRAINTS = "2.5.29.19";
    public static final String AUTHORITY_KEY_ID = "2.5.29.35";
    public static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    public static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    public static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    public static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    private Oids() {}
}
