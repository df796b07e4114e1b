package io.tradingbreaker.spring.guards;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/**
 * A set of hosts: {@code host[:port]} or {@code *.domain[:port]}. Immutable.
 *
 * @param host in its one spelling; of {@code *.domain} the domain with the dot before it
 * @param isDomain whether the host's subdomains are meant, and not the host itself
 * @param port −1 for any
 */
public record HostPattern(String host, boolean isDomain, int port) {

    /** A regular expression for its text, case ignored, of three groups. */
    public static final String FORM = "(\\*\\.)?([\\p{L}\\p{N}_][\\p{L}\\p{N}._-]*|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?";

    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads a match of {@link #FORM}.
     *
     * @param group the first of its groups
     * @throws IllegalArgumentException with what is allowed, as the end of a sentence
     */
    public static HostPattern of(MatchResult form, int group) {
        String host = spelling(form.group(group + 1));
        if (host.startsWith("[")) {
            throw new IllegalArgumentException("must have a valid address between the brackets");
        }
        boolean isDomain = form.group(group) != null;
        return new HostPattern(isDomain ? "." + host : host, isDomain, port(form.group(group + 2)));
    }

    /**
     * Whether it has that host.
     *
     * @param spelling the host in its one spelling
     */
    public boolean matches(String spelling, int actualPort) {
        return (isDomain ? spelling.endsWith(host) : spelling.equals(host)) && (port < 0 || port == actualPort);
    }

    /** Whether it has all that the other has. */
    public boolean covers(HostPattern other) {
        return (isDomain ? other.host.endsWith(host) : !other.isDomain && host.equals(other.host))
                && (port < 0 || port == other.port);
    }

    @Override
    public String toString() {
        return (isDomain ? "*" : "") + (host.indexOf(':') < 0 ? host : "[" + host + "]") + (port < 0 ? "" : ":" + port);
    }

    /**
     * A host in the one spelling that all equal ones have: lower case, no dot at its end, international names and
     * addresses of IPv6 in one form. Asks no name server.
     */
    public static String spelling(String named) {
        String host = named.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            return address(host);
        }
        try {
            host = isAscii(host) ? host : IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // No name that can be looked up either; it is compared as it is.
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static String address(String literal) {
        try {
            return InetAddress.getByName(literal).getHostAddress();
        } catch (UnknownHostException e) {
            return literal;
        }
    }

    private static boolean isAscii(String host) {
        return host.chars().allMatch(c -> c < 0x80);
    }

    private static int port(@Nullable String digits) {
        int port = digits == null ? -1 : Integer.parseInt(digits);
        if (port == 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("must have a port from 1 to " + HIGHEST_PORT);
        }
        return port;
    }
}
