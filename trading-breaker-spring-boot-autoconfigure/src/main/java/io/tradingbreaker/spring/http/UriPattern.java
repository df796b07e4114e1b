package io.tradingbreaker.spring.http;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.guards.HostPattern;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/**
 * A set of URIs: {@code [scheme://]host[:port][/path]}. Immutable.
 *
 * @param scheme empty for any
 * @param hosts which hosts, at which port
 * @param path null for any
 */
record UriPattern(
        String scheme, HostPattern hosts, @Nullable PathPattern path) {

    /** A segment of a path that may be a provider's key, not a word. */
    private static final Pattern KEY = Pattern.compile("[^/?#*]{12,}");

    private static final String ALLOWED =
            "must be [scheme://]host[:port][/path], such as https://*.jup.ag/swap/**: http or https; a host, or"
                    + " *. before a domain; a path with * and **; no user, query, escape or variable";
    private static final Pattern FORM = Pattern.compile(
            "(?:(https?)://)?" + HostPattern.FORM + "(/[^?#{}%;\\\\\\s\\p{C}]*)?", Pattern.CASE_INSENSITIVE);

    /** @throws InvalidConfigException without what may be secret */
    static UriPattern parse(String text) {
        if (text.isBlank()) {
            throw new InvalidConfigException("uri", "unset", ALLOWED);
        }
        try {
            return of(text.strip());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("uri", withoutSecrets(text), String.valueOf(e.getMessage()));
        }
    }

    /** @throws IllegalArgumentException with what is allowed, as the end of a sentence */
    private static UriPattern of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return new UriPattern(
                form.group(1) == null ? "" : form.group(1).toLowerCase(Locale.ROOT),
                HostPattern.of(form, 2),
                path(form.group(5)));
    }

    boolean matches(RequestTarget target) {
        return (scheme.isEmpty() || scheme.equals(target.scheme()))
                && hosts.matches(target.host(), target.port())
                && (path == null || path.matches(target.path()));
    }

    /** What this pattern leaves to one that is asked later is nothing. */
    boolean covers(UriPattern later) {
        return (scheme.isEmpty() || scheme.equals(later.scheme))
                && hosts.covers(later.hosts)
                && (path == null || path.equals(later.path));
    }

    /** Shows no part of the path that may be a key. */
    @Override
    public String toString() {
        return (scheme.isEmpty() ? "" : scheme + "://")
                + hosts
                + (path == null ? "" : withoutKeys(path.getPatternString()));
    }

    private static String withoutSecrets(String text) {
        int query = text.indexOf('?');
        String shown = query < 0 ? text : text.substring(0, query) + "?…";
        int user = shown.lastIndexOf('@');
        int from = shown.indexOf("://") < 0 ? 0 : shown.indexOf("://") + 3;
        shown = user < from ? shown : shown.substring(0, from) + "…" + shown.substring(user);
        int path = shown.indexOf('/', from);
        return path < 0 ? shown : shown.substring(0, path) + withoutKeys(shown.substring(path));
    }

    private static String withoutKeys(String path) {
        return KEY.matcher(path).replaceAll("…");
    }

    private static @Nullable PathPattern path(@Nullable String text) {
        if (text == null || text.equals("/") || text.equals("/**")) {
            return null;
        }
        String path = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (Arrays.stream(path.substring(1).split("/", -1))
                .anyMatch(segment -> segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
            throw new IllegalArgumentException("must have a path without empty segments, '.' and '..'");
        }
        int wild = path.indexOf("**");
        try {
            // Spring 7 knows it elsewhere too, Spring 6 does not.
            if (wild < 0 || (path.endsWith("/**") && wild == path.length() - 2)) {
                return PathPatternParser.defaultInstance.parse(path);
            }
        } catch (PatternParseException e) {
            throw new IllegalArgumentException("must have a path that Spring can read: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("must have a path with ** at its end only");
    }
}
