import { errorCatalog, type ErrorCode } from '@toygres/schema'
import { titleOf } from '../problem.ts'
import { nameIn, type OpenApi, type Operation } from './document.ts'
import { curlOf } from './example.ts'
import { fieldsTable, html, prose, table, typeOf, type Html } from './types.ts'

interface Place {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

/** The reference of the REST API as one page, without scripts: all of it can be searched, linked to and printed. */
export async function referencePage(document: OpenApi): Promise<string> {
  const { info, tags, components } = document
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Place => ({ method, path, operation })),
  )
  const under = (tag: string) => places.filter(({ operation }) => operation.tags[0] === tag)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <link rel="stylesheet" href="/docs/style.css" />
        <link rel="service-desc" type="application/json" href="/openapi.json" />
      </head>
      <body>
        <nav>
          <a href="#top"><strong>${info.title} API</strong></a>
          ${tags.map(
            ({ name }) =>
              html`<a href="#tag-${name}">${name}</a>
                <ul>
                  ${under(name).map(
                    ({ operation }) =>
                      html`<li><a href="#${operation.operationId}">${operation.summary}</a></li> `,
                  )}
                </ul>`,
          )}
          <a href="#errors">errors</a> <a href="#schemas">schemas</a>
        </nav>
        <main id="top">
          <h1>${info.title} API <small>${info.version}</small></h1>
          <p>${info.summary}. As a document for tools: <a href="/openapi.json">/openapi.json</a>.</p>
          ${info.description.split('\n\n').map((text) => html`<p>${prose(text)}</p>`)}
          ${tags.map(
            ({ name, description }) =>
              html`<h2 id="tag-${name}">${name}</h2>
                <p>${description}.</p>
                ${under(name).map((place) => operationSection(document, place))}`,
          )}
          <h2 id="errors">errors</h2>
          <p>
            The <code>code</code> of a <a href="#schema-Problem">problem</a> is stable. One that is retryable
            may succeed later, after the seconds of <code>Retry-After</code> where the answer has them.
          </p>
          ${table(
            (Object.keys(errorCatalog) as ErrorCode[]).map((code) => [
              html`<code id="${code}">${code}</code>`,
              html`${errorCatalog[code].httpStatus}`,
              html`${titleOf(code)}${errorCatalog[code].retryable ? ', retryable' : ''}`,
            ]),
          )}
          <h2 id="schemas">schemas</h2>
          ${Object.entries(components.schemas).map(
            ([name, schema]) =>
              html`<h3 id="schema-${name}">${name}</h3>
                <p>${prose(schema.description ?? '')}</p>
                ${schema.properties === undefined ? html`<p>${typeOf(schema)}</p>` : fieldsTable(schema)}`,
          )}
        </main>
      </body>
    </html>`
  return String(await page)
}

function operationSection(document: OpenApi, { method, path, operation }: Place): Html {
  const parameters = operation.parameters.flatMap((parameter) =>
    '$ref' in parameter ? (document.components.parameters[nameIn(parameter.$ref)] ?? []) : [parameter],
  )
  const body = operation.requestBody?.content['application/json']?.schema
  return html`<section id="${operation.operationId}">
    <h3>${operation.summary}</h3>
    <p class="line"><b>${method.toUpperCase()}</b> <code>${path}</code></p>
    ${operation.description.split('\n\n').map((text) => html`<p>${prose(text)}</p>`)}
    ${
      parameters.length === 0
        ? ''
        : table(
            parameters.map(({ name, required, schema, description, ...parameter }) => [
              html`<code>${name}</code> <small>${parameter.in}${required ? '' : ', optional'}</small>`,
              typeOf(schema),
              prose(description),
            ]),
          )
    }
    ${
      body === undefined
        ? ''
        : html`<h4>Body</h4>
            ${fieldsTable(body)}`
    }
    <h4>Answers</h4>
    ${table(
      Object.entries(operation.responses).map(([status, response]) => {
        const known = '$ref' in response ? document.components.responses[nameIn(response.$ref)] : response
        const content = '$ref' in response ? undefined : response.content?.['application/json']?.schema
        return [
          html`${status === 'default' ? 'other' : status}`,
          html`${content === undefined ? '' : typeOf(content)}`,
          prose(known?.description ?? ''),
        ]
      }),
    )}
    <pre><code>${curlOf(document, method, path, operation)}</code></pre>
  </section>`
}
