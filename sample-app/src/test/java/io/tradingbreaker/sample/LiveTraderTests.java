package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tradingbreaker.sample.simulator.Simulator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.JsonNode;

/** The service with other properties than its own. */
@ExtendWith(OutputCaptureExtension.class)
class LiveTraderTests {

    private static final String SUBMIT_WARNING = "execution.submit is on";

    @Test
    void dryRun_signsAndSimulatesAndSendsNothing(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start("--execution.mode=live")) {
            ServiceClient service = client(context);
            service.post("/simulator/scenario", "{\"scenario\":\"normal\"}");

            JsonNode order = service.place(ServiceClient.BUY);

            assertThat(order.path("status").asString()).isEqualTo("FILLED");
            assertThat(order.path("signature").asString()).isNotEmpty();
            assertThat(context.getBean(Simulator.class).status().transactions()).isZero();
            assertThat(service.get("/portfolio").path("reconciles").asBoolean()).isTrue();
            assertThat(output).doesNotContain(SUBMIT_WARNING);

            HttpResponse<String> resting = service.post("/orders", ServiceClient.RESTING);
            assertThat(resting.statusCode()).isEqualTo(422);
            assertThat(resting.body()).contains("do not rest");
        }
    }

    @Test
    void dryRunWithANodeThatDoesNotAnswer_failsTheOrderForGood() throws Exception {
        try (ConfigurableApplicationContext context = start("--execution.mode=live", "--solana.read-timeout=300ms")) {
            ServiceClient service = client(context);
            service.play("freeze", "node");

            assertThat(service.post("/orders", ServiceClient.BUY).statusCode()).isEqualTo(502);

            assertThat(service.get("/orders").path(0).path("status").asString()).isEqualTo("FAILED");
            assertThat(service.get("/portfolio").path("reservedCash").asInt()).isZero();
        }
    }

    @Test
    void submit_sendsEachOrderOnceAndWarnsAtTheStart(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start("--execution.mode=live", "--execution.submit=true")) {
            ServiceClient service = client(context);

            service.place(ServiceClient.BUY);
            service.place(ServiceClient.SELL);

            assertThat(context.getBean(Simulator.class).status().transactions()).isEqualTo(2);
            assertThat(context.getBean(Simulator.class).status().duplicates()).isZero();
            assertThat(output).contains(SUBMIT_WARNING);
        }
    }

    @Test
    void apiKey_isSentAndNeverLogged(CapturedOutput output) throws Exception {
        Queue<String> keys = new ConcurrentLinkedQueue<>();
        HttpServer quotes = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        quotes.createContext("/", exchange -> {
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-api-key")));
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        quotes.start();
        String url = "http://127.0.0.1:" + quotes.getAddress().getPort() + "/path-secret";
        try (ConfigurableApplicationContext context = start(
                "--jupiter.urls=" + url, "--jupiter.api-key=key-secret", "--logging.level.io.tradingbreaker=trace")) {
            HttpResponse<String> failed = client(context).post("/orders", ServiceClient.BUY);

            assertThat(failed.statusCode()).isEqualTo(504);
            assertThat(failed.body()).doesNotContain("secret");
            assertThat(client(context)
                            .send("GET", "/actuator/circuitbreaker", null)
                            .body())
                    .contains("quotes-a")
                    .doesNotContain("secret");
        } finally {
            quotes.stop(0);
        }
        assertThat(keys).isNotEmpty().containsOnly("key-secret");
        assertThat(output.getAll().lines().filter(line -> line.contains("io.tradingbreaker") || line.contains("i.t.")))
                .isNotEmpty()
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void paperTraderWithAForeignNode_doesNotStart(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start("--solana.url=http://127.0.0.1:1")) {
            assertThat(context.isActive()).as("started").isFalse();
        } catch (RuntimeException e) {
            assertThat(e).hasStackTraceContaining("leave solana.url alone, or set execution.mode=live");
        }
    }

    private static ConfigurableApplicationContext start(String... properties) {
        Stream<String> own = Stream.of(
                "--server.port=0",
                "--simulator.port=" + TestSocketUtils.findAvailableTcpPort(),
                "--trader.enabled=false",
                // What else runs on this machine must pause nothing.
                "--trading-breaker.defaults.local-pause-limit=0",
                "--jupiter.read-timeout=10s");
        return new SpringApplicationBuilder(SampleApplication.class)
                .web(WebApplicationType.SERVLET)
                .run(Stream.concat(own, Stream.of(properties)).toArray(String[]::new));
    }

    private static ServiceClient client(ConfigurableApplicationContext context) {
        return new ServiceClient(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
    }
}
