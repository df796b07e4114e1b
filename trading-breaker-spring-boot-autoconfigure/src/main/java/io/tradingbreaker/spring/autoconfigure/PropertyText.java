package io.tradingbreaker.spring.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Settings in words, for people: bounded, and safe to print. */
final class PropertyText {

    private static final int LONGEST = 400;
    /** What stands before a host or behind a path. */
    private static final Pattern SECRET_PART =
            Pattern.compile("[^\\s/@\"]{1,400}@(?=[^\\s@])|(/[^\\s?\"]{0,400})\\?[^\\s\",]*");

    /** A segment of a URI's path that may be a key. */
    private static final Pattern KEY_IN_PATH = Pattern.compile("(?<=[^\\s/]/)[^\\s/?#*\",]{12,}");

    private static final String HIDDEN = "******";
    private static final Pattern SECRET_NAME =
            Pattern.compile("token|header|endpoint|auth(?!ority$)|key$|secret|passw|credential|url");
    /** The settings of a probe that hold no secret. */
    private static final Set<String> OPEN_TO_ALL = Set.of(
            "timeout",
            "type",
            "require",
            "requiredsuccesses",
            "interval",
            "requesttimeout",
            "maxslotage",
            "maxslotlag",
            "method",
            "expectedstatus",
            "service");

    private PropertyText() {}

    /** One setting with its value and its place. */
    static String lines(String name, String value, String origin) {
        return "    Property: " + line(name) + "\n    Value: \"" + line(withoutSecrets(value)) + "\"\n    Origin: "
                + line(origin) + "\n";
    }

    static String reason(String reason) {
        return "    Reason: " + line(withoutSecrets(reason)) + "\n";
    }

    /** Whose configuration a setting belongs to, as the start of a sentence. */
    static String subject(ConfigurationPropertyName name) {
        if (PropertyKeys.BREAKERS.isAncestorOf(name) && !isElement(name)) {
            return ofBreaker(name.getElement(PropertyKeys.BREAKERS.getNumberOfElements(), Form.ORIGINAL));
        }
        return PropertyKeys.DEFAULTS.equals(name) || PropertyKeys.DEFAULTS.isAncestorOf(name)
                ? ofBreaker(null)
                : "The configuration of the breakers";
    }

    private static boolean isElement(ConfigurationPropertyName name) {
        return PropertyKeys.BREAKERS.isParentOf(name) && name.isLastElementIndexed();
    }

    /** @param breaker null for the defaults by themselves */
    static String ofBreaker(@Nullable String breaker) {
        return breaker == null
                ? "The configuration of breakers by default"
                : "The configuration of breaker '" + line(breaker) + "'";
    }

    /** A setting's whole name; what comes from a variable lacks our dash. */
    static String name(ConfigurationPropertyName name) {
        String own = name.chop(PropertyKeys.ROOT.getNumberOfElements()).toString();
        return line(PropertyKeys.ROOT + name.toString().substring(own.length()));
    }

    /** A setting's name without what its subject says already. */
    static String shortName(ConfigurationPropertyName name) {
        ConfigurationPropertyName of = PropertyKeys.BREAKERS.isAncestorOf(name) && !isElement(name)
                ? name.chop(PropertyKeys.BREAKERS.getNumberOfElements() + 1)
                : PropertyKeys.DEFAULTS;
        if (of.equals(name)) {
            return name.getLastElement(Form.ORIGINAL);
        }
        String whole = name(name);
        for (ConfigurationPropertyName block : List.of(of, PropertyKeys.ROOT)) {
            if (block.isAncestorOf(name)) {
                return whole.substring(name(block).length() + 1);
            }
        }
        return whole;
    }

    /** What may be shown of a setting's value. */
    static String value(ConfigurationProperty setting) {
        return isSecret(setting.getName()) ? HIDDEN : raw(setting);
    }

    static String raw(ConfigurationProperty setting) {
        return String.valueOf(setting.getValue());
    }

    /** By its name, misspelt names included; of a probe, everything but what is known to be none. */
    private static boolean isSecret(ConfigurationPropertyName name) {
        boolean isOfProbe = false;
        for (int i = PropertyKeys.ROOT.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, Form.UNIFORM);
            if (SECRET_NAME.matcher(element).find() || (isOfProbe && !OPEN_TO_ALL.contains(element))) {
                return true;
            }
            isOfProbe = element.equals("probe");
        }
        return false;
    }

    static String origin(Optional<ConfigurationProperty> found) {
        return found.map(setting -> setting.getOrigin() == null
                        ? "unknown"
                        : setting.getOrigin().toString())
                .orElse("not set; this is the built-in value");
    }

    /** Without what stands before a host or behind a path: passwords and keys. */
    private static String withoutSecrets(String text) {
        String shown =
                SECRET_PART.matcher(text).replaceAll(found -> found.group(1) == null ? "…@" : found.group(1) + "?…");
        return KEY_IN_PATH.matcher(shown).replaceAll("…");
    }

    /** One bounded line. */
    static String line(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
