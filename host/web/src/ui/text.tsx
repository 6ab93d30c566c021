import Markdown from "react-markdown";

/** Descriptions and help. Links open beside the page; raw HTML is shown as text. */
export function Text({ children, className }: { children: string; className?: string }) {
  return (
    <div className={`text ${className ?? ""}`}>
      <Markdown
        components={{
          a: ({ href, children: inner }) => (
            <a href={href} target="_blank" rel="noopener noreferrer">
              {inner}
            </a>
          ),
          // The page loads nothing from elsewhere.
          img: ({ alt }) => <>{alt}</>,
        }}
      >
        {children}
      </Markdown>
    </div>
  );
}
