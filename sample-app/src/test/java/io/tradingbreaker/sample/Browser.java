package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium with the dashboard in it: one for all tests of a class, each of which begins on a desktop's screen.
 * Not thread-safe.
 */
final class Browser implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    static final String MISSING = "there is no chromium with its chromedriver on the PATH";

    private static final String PATH = "/actuator/tradingdashboard";
    private static final int MOST_TABS = 80;

    private ChromeDriver driver;

    @Override
    public void beforeAll(ExtensionContext tests) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find("chromium", "chromium-browser", "google-chrome").orElseThrow());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(find("chromedriver").orElseThrow())
                        .build(),
                options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60)).scriptTimeout(Duration.ofSeconds(60));
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        driver.get("about:blank"); // so that the page of the test before asks nobody any more
        look("light", 1440, 1000);
        complaints();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        if (driver != null) {
            driver.quit();
        }
    }

    /** Whether there is one; tests are skipped without. */
    static boolean isThere() {
        return find("chromium", "chromium-browser", "google-chrome").isPresent()
                && find("chromedriver").isPresent();
    }

    private static Optional<File> find(String... names) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator, -1)).map(folder -> new File(folder, name)))
                .filter(file -> file.isFile() && file.canExecute())
                .findFirst();
    }

    /** Opens the dashboard anew. */
    void open(int port, String fragment) {
        driver.get("about:blank");
        driver.get("http://127.0.0.1:" + port + PATH + fragment);
        awaitThat("#rows tr");
    }

    /** Opens the dashboard in a frame of somebody else's page. */
    void openFramed(int port, String fragment) {
        // From loopback too: browsers keep other pages from framing what is there.
        String server = "http://127.0.0.1:" + port;
        driver.get(server + "/actuator/circuitbreaker");
        run(
                "const frame = document.createElement('iframe'); frame.width = 1200; frame.height = 800;"
                        + " frame.src = arguments[0]; document.body.replaceChildren(frame)",
                server + PATH + fragment);
        driver.switchTo().frame(0);
        awaitThat("#rows tr");
    }

    /** @param scheme light or dark */
    void look(String scheme, int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** Waits for an element; within 60 s. */
    WebElement awaitThat(String selector) {
        return await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> driver.findElement(By.cssSelector(selector)), WebElement::isEnabled);
    }

    /** Waits for an element's text; within 60 s. */
    void awaitText(String selector, String pattern) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(text(selector)).containsPattern(pattern));
    }

    String text(String selector) {
        return (String) run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    long count(String selector) {
        return (long) run("return document.querySelectorAll(arguments[0]).length", selector);
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Nothing but the Tab key, until that element has the focus. */
    void tabTo(String selector) {
        for (int i = 0; i < MOST_TABS; i++) {
            if ((boolean) run("return document.activeElement?.matches(arguments[0]) ?? false", selector)) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("no way to " + selector + " by the Tab key");
    }

    void press(CharSequence keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** The pixels of the latency chart that have exactly the colour of a CSS variable. */
    long pixels(String variable) {
        return (long) run("""
                const canvas = document.querySelector('.chart canvas');
                if (canvas === null) return 0;
                const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
                probe.fillStyle = getComputedStyle(canvas).getPropertyValue(arguments[0]).trim();
                probe.fillRect(0, 0, 1, 1);
                const wanted = new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer)[0];
                const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
                copy.canvas.width = canvas.width; copy.canvas.height = canvas.height;
                copy.drawImage(canvas, 0, 0);
                const all = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
                return all.reduce((n, pixel) => n + (pixel === wanted ? 1 : 0), 0);
                """, variable);
    }

    /** What the browser complained of, violations of the Content-Security-Policy among it. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::toString)
                .toList();
    }

    /** Serious and critical violations that axe-core finds. */
    @SuppressWarnings("unchecked")
    List<String> barriers() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then((result) => done(result.violations
                  .filter((one) => ['serious', 'critical'].includes(one.impact))
                  .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)),
                  (error) => done([String(error)]));
                """);
    }

    /** A picture of the page's first so many pixels. */
    void picture(Path file, int width, int height) throws IOException {
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
    }

    /** The main thread's time on the processor since the first such question, in seconds. */
    @SuppressWarnings("unchecked")
    double mainThreadSeconds() {
        driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        List<Map<String, Object>> metrics = (List<Map<String, Object>>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        return metrics.stream()
                .filter(metric -> metric.get("name").equals("TaskDuration"))
                .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
                .findFirst()
                .orElseThrow();
    }
}
