package io.tradingbreaker;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The breakers that were configured, and what one that was not gets. Checked as a whole; immutable. */
final class Declarations {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final Map<String, BreakerConfig> declared;
    private final BreakerConfig undeclared;
    private final boolean createsUndeclared;
    private final Set<String> parents = new HashSet<>();

    /** @throws InvalidConfigException for a malformed name, an unknown parent or parents in a circle */
    Declarations(Map<String, BreakerConfig> declared, BreakerConfig undeclared, boolean createsUndeclared) {
        this.declared = new LinkedHashMap<>(declared);
        this.undeclared = undeclared;
        this.createsUndeclared = createsUndeclared;
        addParent(null, undeclared);
        declared.forEach(this::addParent);
        declared.keySet().forEach(this::checkEndsSomewhere);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    boolean contains(String name) {
        return declared.containsKey(name) || name.equals(BreakerRegistry.DEFAULT_NAME);
    }

    /**
     * The settings of a breaker that is to be made beside the existing ones.
     *
     * @throws InvalidConfigException if there may be none of that name
     */
    BreakerConfig configOf(String name, Collection<String> existing) {
        checkName(name, existing);
        if (!createsUndeclared && !contains(name)) {
            throw new InvalidConfigException("breakers", name, "must be one of those declared: " + names());
        }
        BreakerConfig config = declaredOrNot(name);
        return completed(name, config);
    }

    /** With the failure threshold that a breaker of that name has where none is set. */
    BreakerConfig completed(String name, BreakerConfig config) {
        if (config.failureThreshold() != null) {
            return config;
        }
        return config.with(c -> c.failureThreshold(parents.contains(name) ? 0 : 5));
    }

    /** The same breakers, with other settings for those that were not configured. */
    Declarations withUndeclared(BreakerConfig config) {
        return new Declarations(declared, config, createsUndeclared);
    }

    /** The settings for undeclared names may name a parent, which then is not its own. */
    private BreakerConfig declaredOrNot(String name) {
        BreakerConfig config = declared.get(name);
        if (config != null) {
            return config;
        }
        return name.equals(undeclared.parent()) ? undeclared.with(c -> c.parent(null)) : undeclared;
    }

    static void requireName(String name) {
        if (!isName(name)) {
            throw new InvalidConfigException(
                    "breakers",
                    Text.oneLine(name),
                    "must match " + NAME + ": a lower-case letter, then lower-case letters, digits and dashes");
        }
    }

    private static void checkName(String name, Collection<String> existing) {
        requireName(name);
        String plain = name.replace("-", "");
        for (String other : existing) {
            if (other.replace("-", "").equals(plain)) {
                throw new InvalidConfigException(
                        "breakers", name, "must differ from '" + other + "' in more than its dashes");
            }
        }
    }

    private void addParent(@Nullable String name, BreakerConfig config) {
        String parent = config.parent();
        if (parent == null) {
            return;
        }
        if (!contains(parent)) {
            throw new InvalidConfigException(
                    name, "parent", parent, "must be one of the breakers declared: " + names());
        }
        parents.add(parent);
    }

    private void checkEndsSomewhere(String name) {
        Set<String> path = new LinkedHashSet<>();
        String last = name;
        for (String at = name; at != null; at = declaredOrNot(at).parent()) {
            if (!path.add(at)) {
                throw new InvalidConfigException(
                        last, "parent", at, "must not lead back to itself: " + String.join(" → ", path) + " → " + at);
            }
            last = at;
        }
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(declared.keySet());
        names.add(BreakerRegistry.DEFAULT_NAME);
        return names;
    }
}
