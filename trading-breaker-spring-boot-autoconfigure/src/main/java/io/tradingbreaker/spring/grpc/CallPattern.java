package io.tradingbreaker.spring.grpc;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.guards.HostPattern;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A set of calls. Immutable.
 *
 * @param service null for any
 * @param method of that service; null for any
 * @param hosts which authorities; null for any
 */
record CallPattern(
        @Nullable String service,
        @Nullable String method,
        @Nullable HostPattern hosts) {

    private static final String METHOD = "must be service/method such as geyser.Geyser/GetSlot, service/*, or *";
    private static final String AUTHORITY =
            "must be host[:port], such as *.rpcpool.com:443: a host, or *. before a domain; no scheme, user or path";
    private static final Pattern METHOD_FORM = Pattern.compile("([^\\s/*\\p{C}]+)/([^\\s/*\\p{C}]+|\\*)");
    private static final Pattern AUTHORITY_FORM = Pattern.compile(HostPattern.FORM, Pattern.CASE_INSENSITIVE);
    private static final int PLAIN = 80;
    private static final int TLS = 443;

    /** @throws InvalidConfigException for a text that is no pattern */
    static CallPattern parse(String method, String authority) {
        HostPattern hosts = authority.isBlank() ? null : hosts(authority.strip());
        if (method.isBlank()) {
            throw new InvalidConfigException("method", "unset", METHOD);
        }
        if (method.strip().equals("*")) {
            return new CallPattern(null, null, hosts);
        }
        Matcher form = METHOD_FORM.matcher(method.strip());
        if (!form.matches()) {
            throw new InvalidConfigException("method", method, METHOD);
        }
        return new CallPattern(form.group(1), form.group(2).equals("*") ? null : form.group(2), hosts);
    }

    private static HostPattern hosts(String authority) {
        Matcher form = AUTHORITY_FORM.matcher(authority);
        try {
            if (form.matches()) {
                return HostPattern.of(form, 1);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("authority", authority, String.valueOf(e.getMessage()));
        }
        throw new InvalidConfigException("authority", authority, AUTHORITY);
    }

    /**
     * Whether it has that call.
     *
     * @param fullMethod {@code service/method}
     * @param authority of the channel, unless the call has its own
     */
    boolean matches(String fullMethod, @Nullable String authority) {
        return isMethod(fullMethod) && (hosts == null || (authority != null && isHost(hosts, authority)));
    }

    private boolean isMethod(String fullMethod) {
        if (service == null) {
            return true;
        }
        int slash = fullMethod.lastIndexOf('/');
        return slash == service.length()
                && fullMethod.startsWith(service)
                && (method == null || fullMethod.substring(slash + 1).equals(method));
    }

    private static boolean isHost(HostPattern hosts, String authority) {
        String place = withoutUser(authority);
        int colon = place.lastIndexOf(':');
        if (colon < 0 || place.endsWith("]")) {
            // Which port that means is the channel's secret: too much is noticed, too little is not.
            String host = HostPattern.spelling(place);
            return hosts.matches(host, TLS) || hosts.matches(host, PLAIN);
        }
        return hosts.matches(HostPattern.spelling(place.substring(0, colon)), port(place.substring(colon + 1)));
    }

    /** An authority fit to be shown. */
    static String withoutUser(String authority) {
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static int port(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** What this pattern leaves to one that is asked later is nothing. */
    boolean covers(CallPattern later) {
        return (service == null || service.equals(later.service))
                && (method == null || method.equals(later.method))
                && (hosts == null || (later.hosts != null && hosts.covers(later.hosts)));
    }

    @Override
    public String toString() {
        String calls = service == null ? "*" : service + "/" + (method == null ? "*" : method);
        return hosts == null ? calls : calls + " at " + hosts;
    }
}
