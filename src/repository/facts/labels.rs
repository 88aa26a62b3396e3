//! Dependencies that say what kind of program this is.

use super::manifests::ManifestDependency;

/// What to call the frameworks and services among `dependencies`, in the order of the tables, each
/// once; frameworks with the version asked for.
pub(super) fn labels(dependencies: &[ManifestDependency]) -> Vec<String> {
    let mut labels: Vec<(&str, String)> = Vec::new();
    let tables = FRAMEWORKS.iter().map(|row| (row, true));
    let tables = tables.chain(MARKERS.iter().map(|row| (row, false)));
    for ((dependency, label), versioned) in tables {
        let Some(found) = dependencies.iter().find(|known| known.name == *dependency) else {
            continue;
        };
        if labels.iter().any(|(known, _)| known == label) {
            continue;
        }
        let version = version(&found.requirement).filter(|_| versioned && !label.ends_with(')'));
        let shown = match version {
            Some(version) => format!("{label} {version}"),
            None => (*label).to_owned(),
        };
        labels.push((label, shown));
    }
    labels.into_iter().map(|(_, shown)| shown).collect()
}

/// The part of a requirement that tells incompatible versions apart: `18`, or `0.8` before 1.0.
fn version(requirement: &str) -> Option<String> {
    let number = requirement.trim_start_matches(['^', '~', '=', '>', 'v', ' ']);
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.');
    let number = number.get(..end.unwrap_or(number.len()))?;
    let mut parts = number
        .split('.')
        .filter(|part| !part.is_empty() && part.len() <= 5);
    Some(match (parts.next()?, parts.next()) {
        ("0", Some(minor)) => format!("0.{minor}"),
        (major, _) => major.to_owned(),
    })
}

/// Dependencies that a program is built around, with what to call them.
const FRAMEWORKS: &[(&str, &str)] = &[
    // Rust
    ("axum", "axum"),
    ("actix-web", "Actix Web"),
    ("rocket", "Rocket"),
    ("warp", "warp"),
    ("tonic", "gRPC (tonic)"),
    ("hyper", "hyper"),
    ("leptos", "Leptos"),
    ("yew", "Yew"),
    ("dioxus", "Dioxus"),
    ("tauri", "Tauri"),
    ("bevy", "Bevy"),
    ("embassy-executor", "Embassy"),
    ("tokio", "tokio"),
    ("async-std", "async-std"),
    ("rayon", "rayon"),
    ("clap", "clap"),
    ("sqlx", "sqlx"),
    ("diesel", "Diesel"),
    ("sea-orm", "SeaORM"),
    ("reqwest", "reqwest"),
    ("serde", "serde"),
    ("wasm-bindgen", "WebAssembly"),
    ("pyo3", "PyO3"),
    // Python
    ("django", "Django"),
    ("djangorestframework", "Django REST framework"),
    ("fastapi", "FastAPI"),
    ("flask", "Flask"),
    ("starlette", "Starlette"),
    ("tornado", "Tornado"),
    ("aiohttp", "aiohttp"),
    ("celery", "Celery"),
    ("sqlalchemy", "SQLAlchemy"),
    ("alembic", "Alembic"),
    ("pydantic", "Pydantic"),
    ("marshmallow", "marshmallow"),
    ("numpy", "NumPy"),
    ("pandas", "pandas"),
    ("scipy", "SciPy"),
    ("scikit-learn", "scikit-learn"),
    ("torch", "PyTorch"),
    ("tensorflow", "TensorFlow"),
    ("jax", "JAX"),
    ("transformers", "Transformers"),
    ("click", "Click"),
    ("typer", "Typer"),
    ("scrapy", "Scrapy"),
    ("jinja2", "Jinja"),
    // JavaScript and TypeScript
    ("next", "Next.js"),
    ("nuxt", "Nuxt"),
    ("@sveltejs/kit", "SvelteKit"),
    ("@remix-run/react", "Remix"),
    ("gatsby", "Gatsby"),
    ("astro", "Astro"),
    ("react", "React"),
    ("react-native", "React Native"),
    ("preact", "Preact"),
    ("vue", "Vue"),
    ("svelte", "Svelte"),
    ("solid-js", "Solid"),
    ("@angular/core", "Angular"),
    ("lit", "Lit"),
    ("@nestjs/core", "NestJS"),
    ("express", "Express"),
    ("fastify", "Fastify"),
    ("koa", "Koa"),
    ("hono", "Hono"),
    ("electron", "Electron"),
    ("graphql", "GraphQL"),
    ("@trpc/server", "tRPC"),
    ("socket.io", "Socket.IO"),
    ("prisma", "Prisma"),
    ("@prisma/client", "Prisma"),
    ("typeorm", "TypeORM"),
    ("drizzle-orm", "Drizzle"),
    ("sequelize", "Sequelize"),
    ("mongoose", "Mongoose"),
    ("redux", "Redux"),
    ("rxjs", "RxJS"),
    ("d3", "D3"),
    ("three", "three.js"),
    ("tailwindcss", "Tailwind CSS"),
    ("vite", "Vite"),
    ("webpack", "webpack"),
    ("rollup", "Rollup"),
    // Go
    ("github.com/gin-gonic/gin", "Gin"),
    ("github.com/labstack/echo/v4", "Echo"),
    ("github.com/gofiber/fiber/v2", "Fiber"),
    ("github.com/go-chi/chi/v5", "chi"),
    ("github.com/gorilla/mux", "gorilla/mux"),
    ("google.golang.org/grpc", "gRPC"),
    ("google.golang.org/protobuf", "Protocol Buffers"),
    ("k8s.io/client-go", "Kubernetes"),
    ("sigs.k8s.io/controller-runtime", "Kubernetes controllers"),
    (
        "github.com/hashicorp/terraform-plugin-framework",
        "Terraform provider",
    ),
    ("github.com/spf13/cobra", "Cobra"),
    ("gorm.io/gorm", "GORM"),
    ("github.com/jmoiron/sqlx", "sqlx"),
    ("github.com/jackc/pgx/v5", "PostgreSQL (pgx)"),
    // JVM
    (
        "org.springframework.boot:spring-boot-starter-web",
        "Spring Boot",
    ),
    (
        "org.springframework.boot:spring-boot-starter",
        "Spring Boot",
    ),
    ("org.springframework:spring-context", "Spring"),
    ("io.quarkus:quarkus-core", "Quarkus"),
    ("io.micronaut:micronaut-runtime", "Micronaut"),
    ("io.ktor:ktor-server-core", "Ktor"),
    ("io.netty:netty-all", "Netty"),
    ("com.fasterxml.jackson.core:jackson-databind", "Jackson"),
    ("com.fasterxml.jackson.core:jackson-core", "Jackson"),
    ("org.hibernate.orm:hibernate-core", "Hibernate"),
    ("com.squareup.retrofit2:retrofit", "Retrofit"),
    ("androidx.core:core-ktx", "Android"),
    ("org.apache.kafka:kafka-clients", "Kafka"),
    ("org.apache.spark:spark-core_2.12", "Apache Spark"),
    // Ruby
    ("rails", "Ruby on Rails"),
    ("sinatra", "Sinatra"),
    ("hanami", "Hanami"),
    ("sidekiq", "Sidekiq"),
    ("activerecord", "Active Record"),
    ("rack", "Rack"),
    ("jekyll", "Jekyll"),
    // PHP
    ("laravel/framework", "Laravel"),
    ("symfony/framework-bundle", "Symfony"),
    ("symfony/console", "Symfony Console"),
    ("slim/slim", "Slim"),
    ("doctrine/orm", "Doctrine"),
    ("yiisoft/yii2", "Yii"),
    // .NET
    ("Microsoft.AspNetCore.OpenApi", "ASP.NET Core"),
    ("Microsoft.EntityFrameworkCore", "Entity Framework Core"),
    ("MediatR", "MediatR"),
    ("Dapper", "Dapper"),
    ("Avalonia", "Avalonia"),
    // Elixir
    ("phoenix", "Phoenix"),
    ("phoenix_live_view", "Phoenix LiveView"),
    ("ecto_sql", "Ecto"),
    ("oban", "Oban"),
    // C and C++
    ("Qt6", "Qt"),
    ("Qt5", "Qt"),
    ("Boost", "Boost"),
    ("boost", "Boost"),
    ("fmt", "fmt"),
    ("nlohmann_json", "nlohmann/json"),
    ("SDL2", "SDL"),
    ("OpenCV", "OpenCV"),
];

/// Dependencies that tell which services a program speaks to and how it is tested; their versions say
/// nothing about those.
const MARKERS: &[(&str, &str)] = &[
    // Storage and queues, any language
    ("psycopg2", "PostgreSQL"),
    ("psycopg", "PostgreSQL"),
    ("asyncpg", "PostgreSQL"),
    ("pg", "PostgreSQL"),
    ("tokio-postgres", "PostgreSQL"),
    ("mysql2", "MySQL"),
    ("pymongo", "MongoDB"),
    ("mongodb", "MongoDB"),
    ("redis", "Redis"),
    ("ioredis", "Redis"),
    ("rusqlite", "SQLite"),
    ("better-sqlite3", "SQLite"),
    ("kafkajs", "Kafka"),
    ("rdkafka", "Kafka"),
    ("lapin", "RabbitMQ"),
    ("boto3", "AWS"),
    ("Npgsql", "PostgreSQL"),
    ("org.postgresql:postgresql", "PostgreSQL"),
    ("postgrex", "PostgreSQL"),
    ("gorm.io/driver/postgres", "PostgreSQL"),
    ("mysqlclient", "MySQL"),
    ("com.mysql:mysql-connector-j", "MySQL"),
    ("github.com/go-sql-driver/mysql", "MySQL"),
    ("go.mongodb.org/mongo-driver", "MongoDB"),
    ("github.com/redis/go-redis/v9", "Redis"),
    ("redis.clients:jedis", "Redis"),
    ("StackExchange.Redis", "Redis"),
    ("github.com/mattn/go-sqlite3", "SQLite"),
    ("sqlite3", "SQLite"),
    ("github.com/segmentio/kafka-go", "Kafka"),
    ("confluent-kafka", "Kafka"),
    ("amqplib", "RabbitMQ"),
    ("pika", "RabbitMQ"),
    ("com.rabbitmq:amqp-client", "RabbitMQ"),
    ("nats", "NATS"),
    ("github.com/nats-io/nats.go", "NATS"),
    ("async-nats", "NATS"),
    ("elasticsearch", "Elasticsearch"),
    ("@elastic/elasticsearch", "Elasticsearch"),
    ("opentelemetry", "OpenTelemetry"),
    ("go.opentelemetry.io/otel", "OpenTelemetry"),
    ("@opentelemetry/api", "OpenTelemetry"),
    ("aws-config", "AWS"),
    ("@aws-sdk/client-s3", "AWS"),
    ("github.com/aws/aws-sdk-go-v2", "AWS"),
    ("google-cloud-storage", "Google Cloud"),
    // Tests
    ("pytest", "pytest"),
    ("jest", "Jest"),
    ("vitest", "Vitest"),
    ("mocha", "Mocha"),
    ("rspec", "RSpec"),
    ("phpunit/phpunit", "PHPUnit"),
    ("org.junit.jupiter:junit-jupiter", "JUnit"),
    ("junit:junit", "JUnit"),
    ("github.com/stretchr/testify", "testify"),
    ("xunit", "xUnit"),
    ("NUnit", "NUnit"),
    ("GTest", "GoogleTest"),
    ("Catch2", "Catch2"),
];
