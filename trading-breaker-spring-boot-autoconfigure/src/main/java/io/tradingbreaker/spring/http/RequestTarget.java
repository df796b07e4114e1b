package io.tradingbreaker.spring.http;

import io.tradingbreaker.spring.guards.HostPattern;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.UriUtils;

/**
 * Where a request goes, in the one spelling that all equal ones have: the host in lower case, without user information
 * and a dot at its end; the default port; the path without dot segments, empty segments and a slash at its end.
 *
 * <p>Not thread-safe: the path is only looked at if a guard asks for it.
 */
final class RequestTarget {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final URI uri;
    private final String scheme;
    private final String host;
    private final int port;
    private @Nullable PathContainer path;

    RequestTarget(URI uri) {
        this.uri = uri;
        scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String named = uri.getHost();
        int given = uri.getPort();
        if (named == null) {
            // A host that RFC 2396 does not know, such as one with an underscore; some clients take it all the same.
            String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
            String place = authority.substring(authority.lastIndexOf('@') + 1);
            int colon = place.lastIndexOf(':');
            given = colon < 0 ? -1 : port(place.substring(colon + 1));
            named = UriUtils.decode(colon < 0 ? place : place.substring(0, colon), StandardCharsets.UTF_8);
        }
        host = HostPattern.spelling(named);
        port = given >= 0 ? given : defaultPort(scheme);
    }

    String scheme() {
        return scheme;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    PathContainer path() {
        PathContainer known = path;
        if (known == null) {
            known = PathContainer.parsePath(path(uri.getRawPath() == null ? "" : uri.getRawPath()));
            path = known;
        }
        return known;
    }

    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> HTTP;
            case "https" -> HTTPS;
            default -> -1;
        };
    }

    /** Sent as they are, dot segments are resolved by the server; {@code %2e} is a dot to it, and {@code ..;a=b} two. */
    private static String path(String raw) {
        List<String> kept = new ArrayList<>();
        for (String segment : raw.split("/", -1)) {
            String name = plain(segment);
            if (name.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.remove(kept.size() - 1);
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                kept.add(segment);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String plain(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        return name.indexOf('%') < 0 ? name : name.replace("%2e", ".").replace("%2E", ".");
    }

    private static int port(String digits) {
        try {
            return digits.isEmpty() ? -1 : Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
